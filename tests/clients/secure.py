#!/usr/bin/env python3
"""TLS and client certificates with certificates made here, keys, a role behind TLS, gRPC-Web, reflection with a generic client, health.

    python3 secure.py target/release/shouyu [path of buf]

Needs grpcio, grpcio-tools, grpcio-health-checking, grpcio-reflection, and openssl. Each line says what was tried and
what came; the exit code is 0 if all of it is as it should be.
"""

import hashlib
import http.client
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from roles import Process, free_port
from sign import load_protos

SIGN = "/shouyu.v1.SigningService/Sign"
failed = []


def row(what, found, good):
    print(f"{'ok ' if good else 'BAD'} {what}: {found}")
    if not good:
        failed.append(what)


def certificates(folder):
    """An authority, and a certificate of the server and of a client signed by it."""

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", "2")
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")
    (folder / "client.ext").write_text("extendedKeyUsage=clientAuth\n")
    for name in ("server", "client"):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext")


def answer(call):
    try:
        return call()
    except grpc.RpcError as error:
        return f"{error.code().name} {(error.details() or '')[:100]}"


def tls(binary, pb, rpc):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        certificates(folder)
        read = lambda file: (folder / file).read_bytes()
        config = folder / "shouyu.toml"
        config.write_text(
            f'[speech]\nenabled = false\n[tls]\ncertificate = "{folder}/server.pem"\nkey = "{folder}/server.key"\n'
            f'client_ca = "{folder}/ca.pem"\n[[keys]]\nname = "test"\nsha256 = "{hashlib.sha256(b"secret").hexdigest()}"\n'
        )
        server = Process(binary, "--config", str(config))

        def sign(credentials, key=None):
            with grpc.secure_channel(server.address, credentials) as channel:
                metadata = [("authorization", f"Bearer {key}")] if key else []
                request = pb.SignRequest(text="你好")
                return answer(lambda: len(rpc.SigningServiceStub(channel).Sign(request, metadata=metadata, timeout=10).sentences))

        both = grpc.ssl_channel_credentials(read("ca.pem"), read("client.key"), read("client.pem"))
        found = sign(both, "secret")
        row("mTLS with a key", f"{found} sentences", found == 1)
        found = sign(both)
        row("mTLS without a key", found, str(found).startswith("UNAUTHENTICATED"))
        found = sign(both, "wrong")
        row("mTLS with a wrong key", found, str(found).startswith("UNAUTHENTICATED"))
        found = sign(grpc.ssl_channel_credentials(read("ca.pem")), "secret")
        row("no client certificate", found, str(found).startswith("UNAVAILABLE"))
        found = sign(grpc.ssl_channel_credentials(), "secret")
        row("an authority that is not known", found, str(found).startswith("UNAVAILABLE"))
        with grpc.insecure_channel(server.address) as channel:
            found = answer(lambda: rpc.SigningServiceStub(channel).Sign(pb.SignRequest(text="你好"), timeout=10))
        row("no TLS", found, str(found).startswith("UNAVAILABLE"))
        row("exit", server.stop(), server.process.returncode == 0)
        port = free_port()
        for title, extra in (("alone", ""), ("with TLS alone", f'[tls]\ncertificate = "{folder}/server.pem"\nkey = "{folder}/server.key"\n')):
            config.write_text(f'listen = "0.0.0.0:{port}"\n{extra}')
            run = subprocess.run([binary, "serve", "--config", str(config)], capture_output=True, text=True, timeout=60)
            row(f"a public address {title}", f"exit {run.returncode}: {run.stderr.strip()[:120]}", run.returncode != 0 and "loopback" in run.stderr)


def peers(binary, pb, rpc):
    """A gateway that calls a role over TLS: with its certificate and key, and with a wrong key."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        certificates(folder)
        role = folder / "role.toml"
        role.write_text(
            f'role = "understanding"\n[tls]\ncertificate = "{folder}/server.pem"\nkey = "{folder}/server.key"\n'
            f'client_ca = "{folder}/ca.pem"\n[[keys]]\nname = "gateway"\nsha256 = "{hashlib.sha256(b"between us").hexdigest()}"\n'
        )
        understanding = Process(binary, "--config", str(role))
        gateway = folder / "gateway.toml"
        for key, title, good in (("between us", "a role over mTLS with a key", True), ("wrong", "the same with a wrong key", False)):
            gateway.write_text(
                f'role = "gateway"\n[speech]\nenabled = false\n[peers]\nunderstanding = ["https://localhost:{understanding.port}"]\n'
                f'api_key = "{key}"\n[peers.tls]\nca = "{folder}/ca.pem"\ncertificate = "{folder}/client.pem"\nkey = "{folder}/client.key"\n'
            )
            server = Process(binary, "--config", str(gateway))
            with grpc.insecure_channel(server.address) as channel:
                found = answer(lambda: rpc.SigningServiceStub(channel).Sign(pb.SignRequest(text="你好"), timeout=20))
            if isinstance(found, str):
                row(title, found, False)
            else:
                told = "; ".join(event.message for event in found.events if event.message)
                row(title, f"{len(found.sentences)} sentences {told[:100]}", len(found.sentences) == int(good) and (good or "Unauthenticated" in told))
            server.stop()
        row("exit of the role", understanding.stop(), understanding.process.returncode == 0)


def health(binary):
    server = Process(binary, "--set", "speech.enabled=false", wait=False)
    seen = []
    # It is looked for as often as it is asked: after a second's wait it would be warm.
    soon = [(f"grpc.{which}_reconnect_backoff_ms", 10) for which in ("initial", "min", "max")]
    with grpc.insecure_channel(server.address, options=soon) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for _ in range(3000):
            request = health_pb2.HealthCheckRequest(service="shouyu.v1.SigningService")
            found = answer(lambda: health_pb2.HealthCheckResponse.ServingStatus.Name(stub.Check(request, timeout=5).status))
            if not seen or seen[-1] != found:
                seen.append(found)
            if found == "SERVING":
                break
            time.sleep(0.005)
    kinds = [found.split()[0] for found in seen]
    row("health", " → ".join(kinds), kinds[-2:] == ["NOT_SERVING", "SERVING"])
    return server


def generic(server):
    """A client that knows no proto: reflection tells it what there is."""
    with grpc.insecure_channel(server.address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        services = sorted(database.get_services())
        row("reflection lists", ", ".join(services), "shouyu.v1.SigningService" in services)
        pool = descriptor_pool.DescriptorPool(database)
        method = pool.FindServiceByName("shouyu.v1.SigningService").FindMethodByName("Sign")
        request = json_format.ParseDict({"text": "今天有雪。"}, message_factory.GetMessageClass(method.input_type)())
        answered = channel.unary_unary(
            SIGN,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )(request, timeout=20)
        found = [token["gloss"] for token in json_format.MessageToDict(answered)["sentences"][0]["tokens"]]
        row("a call through reflection", " ".join(found), len(found) > 0)


def web(server, pb):
    """As a browser does: gRPC-Web over HTTP/1.1."""
    body = pb.SignRequest(text="今天有雪。").SerializeToString()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1", "accept": "application/grpc-web+proto"}
    connection.request("POST", SIGN, struct.pack(">BI", 0, len(body)) + body, headers)
    response = connection.getresponse()
    data, messages, trailers = response.read(), [], ""
    while data:
        flag, length = struct.unpack(">BI", data[:5])
        part, data = data[5 : 5 + length], data[5 + length :]
        if flag & 0x80:
            trailers = part.decode()
        else:
            messages.append(pb.SignResponse.FromString(part))
    tokens = [token.gloss for message in messages for sentence in message.sentences for token in sentence.tokens]
    row("gRPC-Web", f"{response.status} {' '.join(tokens)}; {trailers.strip()!r}", "grpc-status:0" in trailers.replace(" ", "") and len(tokens) > 0)


def buf(path, server):
    proto = pathlib.Path(__file__).resolve().parents[2] / "proto"
    run = subprocess.run([path, "lint", str(proto)], capture_output=True, text=True)
    row("buf lint", (run.stdout + run.stderr).strip() or "clean", run.returncode == 0)
    address = f"http://{server.address}/shouyu.v1.SigningService/Sign"
    words = [path, "curl", "--http2-prior-knowledge", "--protocol", "grpc", "-d", json.dumps({"text": "今天有雪。"}), address]
    run = subprocess.run(words, capture_output=True, text=True)
    found = json.loads(run.stdout)["sentences"][0]["tokens"] if run.returncode == 0 else run.stderr.strip()[:200]
    row("buf curl", " ".join(token["gloss"] for token in found) if run.returncode == 0 else found, run.returncode == 0)


def main():
    pb, rpc = load_protos()
    binary = sys.argv[1]
    tls(binary, pb, rpc)
    peers(binary, pb, rpc)
    server = health(binary)
    generic(server)
    web(server, pb)
    if len(sys.argv) > 2:
        buf(sys.argv[2], server)
    row("exit", server.stop(), server.process.returncode == 0)
    sys.exit(f"not as it should be: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

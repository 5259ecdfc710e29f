//! `BroadcastService`: an operator's orders to the broadcast of this process.

use std::{future::Future, net::SocketAddr, time::Duration};

use proto::v1::{
    self,
    broadcast_service_server::{BroadcastService, BroadcastServiceServer},
};
use session::{
    air::{AirOrder, Desk, DeskError},
    live::Order,
};
use signing::{Flicks, Transcript};
use tokio::net::TcpListener;
use tonic::{Code, Request, Response, Status, transport::Server as Transport};

use crate::{
    serve::ServeError,
    status::{exhausted, invalid, status},
    understanding_service::check_text,
};

/// Longest text that replaces another, characters.
const TEXT: usize = 1_000;
/// Longest path of a pack's folder, characters.
const PATH: usize = 4_096;

/// The desk's end of gRPC: bound to this machine, without a key.
pub struct Control {
    listener: TcpListener,
    desk: Desk,
}

impl Control {
    /// Binds `address`, whose port may be 0 for any that is free.
    ///
    /// Errors: [`ServeError::OpenControl`] for an address that other machines can reach, [`ServeError::Bind`].
    pub async fn bind(address: SocketAddr, desk: Desk) -> Result<Self, ServeError> {
        if !address.ip().is_loopback() {
            return Err(ServeError::OpenControl { address });
        }
        let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
        Ok(Self { listener, desk })
    }

    /// Where it is served.
    ///
    /// Errors: the operating system's.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop`.
    ///
    /// Errors: [`ServeError`].
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
            .build_v1()
            .map_err(|error| ServeError::Reflection(error.to_string()))?;
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(self.listener);
        Transport::builder()
            .max_concurrent_streams(32)
            .add_service(reflection)
            .add_service(BroadcastServiceServer::new(Service(self.desk)))
            .serve_with_incoming_shutdown(incoming, stop)
            .await?;
        Ok(())
    }
}

struct Service(Desk);

impl Service {
    /// Gives an order, waits for its answer on a thread that may wait.
    async fn order<T>(&self, request: &Request<T>, order: AirOrder) -> Result<String, Status> {
        let from = request.remote_addr().map_or_else(|| "grpc".to_owned(), |address| format!("grpc {address}"));
        let desk = self.0.clone();
        let answered = tokio::task::spawn_blocking(move || desk.order(order, &from)).await;
        let answered = answered.map_err(|error| status(Code::Internal, "ORDER_LOST", error.to_string()))?;
        answered.map_err(|error| of_desk(&error))
    }

    async fn session<T>(&self, request: Request<T>, order: Order) -> Result<String, Status> {
        self.order(&request, AirOrder::Session(order)).await
    }
}

fn of_desk(error: &DeskError) -> Status {
    match error {
        DeskError::Busy => exhausted("DESK_BUSY", error.to_string(), Duration::from_secs(1)),
        DeskError::Refused(_) => status(Code::FailedPrecondition, "ORDER_REFUSED", error.to_string()),
        DeskError::Over => status(Code::Unavailable, "BROADCAST_OVER", error.to_string()),
        DeskError::Silent => status(Code::DeadlineExceeded, "NO_ANSWER", error.to_string()),
    }
}

#[tonic::async_trait]
impl BroadcastService for Service {
    async fn get_status(&self, _: Request<v1::GetStatusRequest>) -> Result<Response<v1::GetStatusResponse>, Status> {
        let found = self.0.status();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Response::new(v1::GetStatusResponse {
            frames: found.frames,
            time_flicks: Flicks::from_secs(found.time).0,
            held: found.held,
            signing: found.signing.map(|(name, text)| v1::SentenceUnderWay { utterance_id: name.to_string(), text }),
            signs_waiting: count(found.signs_waiting),
            sentences_waiting: count(found.sentences_waiting),
            packs: found.packs,
            orders_followed: found.orders.0,
            orders_refused: found.orders.1,
        }))
    }

    async fn hold(&self, request: Request<v1::HoldRequest>) -> Result<Response<v1::HoldResponse>, Status> {
        let message = self.session(request, Order::Hold).await?;
        Ok(Response::new(v1::HoldResponse { message }))
    }

    async fn resume(&self, request: Request<v1::ResumeRequest>) -> Result<Response<v1::ResumeResponse>, Status> {
        let message = self.session(request, Order::Resume).await?;
        Ok(Response::new(v1::ResumeResponse { message }))
    }

    async fn skip(&self, request: Request<v1::SkipRequest>) -> Result<Response<v1::SkipResponse>, Status> {
        let message = self.session(request, Order::Skip).await?;
        Ok(Response::new(v1::SkipResponse { message }))
    }

    async fn repeat(&self, request: Request<v1::RepeatRequest>) -> Result<Response<v1::RepeatResponse>, Status> {
        let message = self.session(request, Order::Repeat).await?;
        Ok(Response::new(v1::RepeatResponse { message }))
    }

    async fn replace(&self, request: Request<v1::ReplaceRequest>) -> Result<Response<v1::ReplaceResponse>, Status> {
        let v1::ReplaceRequest { text, language } = request.get_ref();
        check_text(text, TEXT)?;
        if text.trim().is_empty() {
            return Err(invalid("TEXT_EMPTY", "text is empty: say what to sign, or skip"));
        }
        let language = match language.as_str() {
            "" | "zh" => "zh",
            "en" => "en",
            other => return Err(invalid("LANGUAGE", format!("language is “{other}”: expected “zh” or “en”"))),
        };
        let order = AirOrder::Replace(Transcript::plain(text.trim(), language));
        let message = self.order(&request, order).await?;
        Ok(Response::new(v1::ReplaceResponse { message }))
    }

    async fn load_pack(&self, request: Request<v1::LoadPackRequest>) -> Result<Response<v1::LoadPackResponse>, Status> {
        let folder = &request.get_ref().folder;
        check_text(folder, PATH)?;
        if folder.is_empty() {
            return Err(invalid("FOLDER_EMPTY", "folder is empty: name the pack's folder"));
        }
        let order = AirOrder::LoadPack(folder.into());
        let message = self.order(&request, order).await?;
        Ok(Response::new(v1::LoadPackResponse { message }))
    }
}

#[cfg(test)]
mod tests {
    use proto::v1::broadcast_service_client::BroadcastServiceClient;
    use session::air::desk;
    use tonic::transport::Channel;

    use super::*;

    async fn client(desk: Desk) -> BroadcastServiceClient<Channel> {
        let control = Control::bind(([127, 0, 0, 1], 0).into(), desk).await.unwrap();
        let address = control.address().unwrap();
        tokio::spawn(control.run(std::future::pending()));
        BroadcastServiceClient::connect(format!("http://{address}")).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn orders_are_followed_refused_and_answered() {
        let (desk, orders) = desk();
        orders.status().packs = vec!["csl 0.1.0".to_owned()];
        let following = std::thread::spawn(move || {
            let mut followed = Vec::new();
            while followed.len() < 3 {
                let Some(call) = orders.next() else {
                    std::thread::yield_now();
                    continue;
                };
                followed.push((call.order.clone(), call.from.clone()));
                let answer = match &call.order {
                    AirOrder::LoadPack(_) => Err("no such pack".to_owned()),
                    order => Ok(format!("done: {}", order.name())),
                };
                call.answer(answer);
            }
            followed
        });
        let mut client = client(desk).await;
        assert_eq!(client.hold(v1::HoldRequest {}).await.unwrap().into_inner().message, "done: hold");
        let text =
            |text: &str, language: &str| v1::ReplaceRequest { text: text.to_owned(), language: language.to_owned() };
        client.replace(text(" 你好。 ", "")).await.unwrap();
        let pack = v1::LoadPackRequest { folder: "x".to_owned() };
        let status = client.load_pack(pack).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "no such pack"));
        for wrong in [text("", ""), text("a", "fr"), text(&"a".repeat(TEXT + 1), "en")] {
            assert_eq!(client.replace(wrong).await.unwrap_err().code(), Code::InvalidArgument);
        }
        let found = client.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner();
        assert_eq!(found.packs, ["csl 0.1.0"]);
        let followed = following.join().unwrap();
        let expected = [
            AirOrder::Session(Order::Hold),
            AirOrder::Replace(Transcript::plain("你好。", "zh")),
            AirOrder::LoadPack("x".into()),
        ];
        assert_eq!(followed.iter().map(|(order, _)| order.clone()).collect::<Vec<_>>(), expected);
        assert!(followed.iter().all(|(_, from)| from.starts_with("grpc 127.0.0.1:")), "{followed:?}");
        // The broadcast's end of the desk is gone now.
        assert_eq!(client.skip(v1::SkipRequest {}).await.unwrap_err().code(), Code::Unavailable);
    }

    #[tokio::test]
    async fn other_machines_give_no_orders() {
        let (desk, _orders) = desk();
        let error = Control::bind(([0, 0, 0, 0], 0).into(), desk).await.err().unwrap().to_string();
        assert!(error.contains("127.0.0.1"), "{error}");
    }
}

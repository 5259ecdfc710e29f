//! Sound comes out of files as it went in; what holds none is refused.

use std::{fs, path::Path};

use stream::{SoundChunk, StreamError, decode_sound};

/// A WAV file of 16-bit samples, or of 32-bit floats (`kind` 3).
fn wav(path: &Path, kind: u16, rate: u32, channels: u16, data: &[u8]) {
    let width: u16 = if kind == 3 { 4 } else { 2 };
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(kind.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate.wrapping_mul(u32::from(width * channels))).to_le_bytes());
    bytes.extend((width * channels).to_le_bytes());
    bytes.extend((width * 8).to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    fs::write(path, bytes).unwrap();
}

fn all(path: &Path) -> Result<Vec<SoundChunk>, StreamError> {
    decode_sound(path)?.collect()
}

#[test]
fn samples_come_out_as_they_went_in_at_their_times() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    for (rate, channels) in [(8_000, 1), (44_100, 2), (48_000, 1)] {
        let samples: Vec<i16> = (0..rate as usize * usize::from(channels)).map(|n| (n * 37 % 20_011) as i16).collect();
        let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        wav(&path, 1, rate, channels, &data);
        let chunks = all(&path).unwrap();
        let found: Vec<i16> =
            chunks.iter().flat_map(|chunk| &chunk.samples).map(|sample| (sample * 32_768.0).round() as i16).collect();
        assert_eq!(found, samples, "{rate} Hz, {channels} channels");
        let mut at = 0;
        for chunk in &chunks {
            assert_eq!((chunk.rate, chunk.channels), (rate, channels));
            let expected = at as f64 / f64::from(rate);
            assert!((chunk.start.as_secs() - expected).abs() < 1e-6, "{} {expected}", chunk.start.as_secs());
            at += chunk.samples.len() / usize::from(channels);
        }
    }
}

#[test]
fn six_channels_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let data: Vec<u8> = (0..4_800).flat_map(|_| [6_000_i16, 0, 0, 0, 0, 6_000]).flat_map(i16::to_le_bytes).collect();
    wav(&path, 1, 48_000, 6, &data);
    let chunks = all(&path).unwrap();
    assert!(chunks.iter().all(|chunk| chunk.channels == 1));
    assert!((chunks[0].samples[10] - 2_000.0 / 32_768.0).abs() < 1e-4, "{}", chunks[0].samples[10]);
}

#[test]
fn what_holds_no_sound_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let check = |expected: &str| {
        let error = all(&path).unwrap_err().to_string();
        assert!(error.contains("a.wav") && error.contains(expected), "{error}: expected to hold {expected:?}");
    };
    fs::write(&path, "").unwrap();
    check("is empty");
    fs::write(&path, "这不是声音。\n".repeat(100)).unwrap();
    check("no file with pictures or sound");
    wav(&path, 1, 1, 1, &[0; 4_000]);
    check("1 samples a second");
    wav(&path, 1, 16_000, 1, &[]);
    check("no sample of sound");
    // The beginning of an MP4 file whose index, at its end, is missing.
    let mut cut = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free\0\x10\0\0mdat".to_vec();
    cut.resize(50_000, 7);
    fs::write(&path, cut).unwrap();
    check("cut off");
    let absent = folder.path().join("absent.wav");
    assert!(matches!(all(&absent), Err(StreamError::Io { .. })));
}

#[test]
fn samples_that_are_no_numbers_are_passed_on_for_the_listener_to_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    wav(&path, 3, 16_000, 1, &[0.5_f32, f32::NAN, 0.25].iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>());
    let samples: Vec<f32> = all(&path).unwrap().into_iter().flat_map(|chunk| chunk.samples).collect();
    assert!(samples[0] == 0.5 && samples[1].is_nan() && samples[2] == 0.25, "{samples:?}");
}

/// A box of a QuickTime file.
fn atom(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(8 + body.len() as u32).to_be_bytes()[..], kind, &body].concat()
}

/// Numbers of 32 bits one after the other.
fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A QuickTime file, index first, of `secs` seconds of 16-bit silence at 16 kHz, a second to a chunk.
fn quicktime(secs: u32) -> Vec<u8> {
    const RATE: u32 = 16_000;
    let samples = secs * RATE;
    let index = |data_at: u32| {
        let entry = words(&[0, 1, 0, 0, 0x0001_0010, 0, RATE << 16]);
        let table = atom(
            b"stbl",
            &[
                &atom(b"stsd", &[&words(&[0, 1]), &atom(b"sowt", &[&entry])]),
                &atom(b"stts", &[&words(&[0, 1, samples, 1])]),
                &atom(b"stsc", &[&words(&[0, 1, 1, RATE, 1])]),
                &atom(b"stsz", &[&words(&[0, 2, samples])]),
                &atom(
                    b"stco",
                    &[&words(&[0, secs]), &words(&(0..secs).map(|n| data_at + n * 2 * RATE).collect::<Vec<_>>())],
                ),
            ],
        );
        let reference = atom(b"dref", &[&words(&[0, 1]), &atom(b"url ", &[&words(&[1])])]);
        let media = atom(b"minf", &[&atom(b"smhd", &[&[0; 8]]), &atom(b"dinf", &[&reference]), &table]);
        let handler = atom(b"hdlr", &[&[0; 4], b"mhlrsoun", &[0; 13]]);
        let media = atom(b"mdia", &[&atom(b"mdhd", &[&words(&[0, 0, 0, RATE, samples, 0])]), &handler, &media]);
        let track = atom(b"tkhd", &[&words(&[7, 0, 0, 1, 0, samples]), &[0; 60]]);
        let film = atom(b"mvhd", &[&words(&[0, 0, 0, RATE, samples]), &[0; 80]]);
        atom(b"moov", &[&film, &atom(b"trak", &[&track, &media])])
    };
    let head = atom(b"ftyp", &[b"qt  ", &[0; 4], b"qt  "]);
    let data_at = (head.len() + index(0).len() + 8) as u32;
    [head, index(data_at), atom(b"mdat", &[&vec![0; 2 * samples as usize]])].concat()
}

#[test]
fn a_file_that_is_cut_off_gives_what_is_there_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    let whole = quicktime(4);
    let heard = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let (mut samples, mut errors) = (0, Vec::new());
        for chunk in decode_sound(&path).unwrap() {
            match chunk {
                Ok(chunk) => samples += chunk.samples.len(),
                Err(error) => errors.push(error.to_string()),
            }
        }
        (samples, errors)
    };
    assert_eq!(heard(&whole), (64_000, Vec::new()));
    let (samples, errors) = heard(&whole[..whole.len() - 2 * 32_000]);
    assert!((31_000..=32_000).contains(&samples), "{samples}");
    let [error] = errors.as_slice() else { panic!("one error: {errors:?}") };
    assert!(error.contains("a.mov") && error.contains("lasts 4.0 s") && error.contains("ends after 2.0 s"), "{error}");
}

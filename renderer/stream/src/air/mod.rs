//! On air: encoded once, sent to many receivers, none of which can stall the picture or another.
//!
//! In: frames of one size and a constant rate, numbered from the start of the broadcast, and sound for them.
//! Out: SRT, RTMP, MPEG-TS over UDP, HLS and DASH folders, files. A receiver that is lost is looked for again until it is
//! back; it then gets a key frame first, and timestamps go on as if it had never been away.
//!
//! Read in this order: `destination` (where to), `picture` and `sound` (encoders), `stamp` (each picture's timecode), `keyed` (fill and key), `mux` (one open
//! container), `manifest` (what HLS says about the signer), `sender` (one receiver and its thread), `tee` (all of them).

mod destination;
mod keyed;
mod manifest;
mod mux;
mod picture;
mod sender;
mod sound;
mod stamp;
mod tee;

pub use destination::{Destination, FileContainer};
pub use keyed::{Fill, Keyer, lay};
pub use picture::{AirCodec, AirPacket, AirPicture, AirPictureConfig};
pub use sender::{AirFrame, Broadcast, Sender, SenderEvent, SenderState, SenderStats};
pub use sound::{AIR_SOUND_RATE, AirSound, SoundCodec, SoundPacket, SoundSource};
pub use stamp::FrameTimecode;
pub use tee::{Tee, TeeConfig};

//! The few FFmpeg calls that its Rust binding lacks, each behind a safe function.

use std::{ffi::c_int, sync::Once};

use ffmpeg_next::{self as ffmpeg, ffi, frame, software::scaling};

/// Prepares FFmpeg once and keeps its chatter off standard error; what fails is returned instead.
pub(crate) fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        if let Err(error) = ffmpeg::init() {
            tracing::error!(%error, "FFmpeg failed to start");
        }
        ffmpeg::log::set_level(ffmpeg::log::Level::Fatal);
    });
}

/// Makes `scaler` use the matrix of what it converts to or from: BT.709 between full-range RGB and limited-range YUV,
/// whose default would be BT.601; BT.601 and full range for JPEG.
#[expect(unsafe_code, reason = "the binding has no call for the colour matrix")]
pub(crate) fn set_matrix(scaler: &mut scaling::Context) -> Result<(), ffmpeg::Error> {
    const LIMITED: c_int = 0;
    const FULL: c_int = 1;
    const UNCHANGED: c_int = 1 << 16; // 1.0 in 16.16 fixed point
    let is_full = |pixel| matches!(pixel, ffmpeg::format::Pixel::RGBA | ffmpeg::format::Pixel::YUVJ420P);
    let range = |pixel| if is_full(pixel) { FULL } else { LIMITED };
    let (from, to) = (scaler.input().format, scaler.output().format);
    let (source, destination) = (range(from), range(to));
    let jpeg = [from, to].contains(&ffmpeg::format::Pixel::YUVJ420P);
    let matrix = if jpeg { ffi::SWS_CS_ITU601 } else { ffi::SWS_CS_ITU709 };
    // SAFETY: the scaler is alive and borrowed uniquely; the coefficient table is static, and FFmpeg
    // copies from it.
    let result = unsafe {
        let table = ffi::sws_getCoefficients(matrix as c_int);
        ffi::sws_setColorspaceDetails(scaler.as_mut_ptr(), table, source, table, destination, 0, UNCHANGED, UNCHANGED)
    };
    if result < 0 { Err(ffmpeg::Error::from(result)) } else { Ok(()) }
}

/// Makes the pixels of `frame` its own again, if an encoder still holds on to them.
#[expect(unsafe_code, reason = "the binding has no call for it")]
pub(crate) fn make_writable(frame: &mut frame::Video) -> Result<(), ffmpeg::Error> {
    // SAFETY: the frame is alive, borrowed uniquely, and was allocated with its buffers by FFmpeg.
    match unsafe { ffi::av_frame_make_writable(frame.as_mut_ptr()) } {
        result if result < 0 => Err(ffmpeg::Error::from(result)),
        _ => Ok(()),
    }
}

/// Whether FFmpeg found memory for the pixels of `frame`.
#[expect(unsafe_code, reason = "the binding swallows the failure")]
pub(crate) fn is_allocated(frame: &frame::Video) -> bool {
    // SAFETY: only reads the data pointer of a frame that is alive.
    unsafe { !frame.is_empty() }
}

/// Ends the fragment under way, so that what was written can be played, and hands it to the sink.
#[expect(unsafe_code, reason = "the binding refuses the empty packet that asks for it")]
pub(crate) fn end_fragment(muxer: &mut ffmpeg::format::context::Output) -> Result<(), ffmpeg::Error> {
    // SAFETY: the context is alive, borrowed uniquely, and its header is written; a null packet asks the muxer to
    // flush and is allowed for every muxer.
    match unsafe { ffi::av_write_frame(muxer.as_mut_ptr(), std::ptr::null_mut()) } {
        result if result < 0 => Err(ffmpeg::Error::from(result)),
        _ => {
            flush_io(muxer);
            Ok(())
        }
    }
}

/// Hands what the muxer has buffered to the sink.
#[expect(unsafe_code, reason = "the binding has no call for it")]
pub(crate) fn flush_io(muxer: &mut ffmpeg::format::context::Output) {
    // SAFETY: the context is alive and borrowed uniquely; `pb` was set when it was opened and is owned by it.
    unsafe { ffi::avio_flush((*muxer.as_mut_ptr()).pb) }
}

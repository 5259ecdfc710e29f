//! The few FFmpeg calls that its Rust binding lacks, each behind a safe function.

use std::{
    cell::RefCell,
    ffi::{CStr, CString, c_char, c_int, c_void},
    ptr,
    sync::Once,
};

use ffmpeg_next::{
    self as ffmpeg, codec, ffi, format, frame,
    software::scaling,
    util::interrupt::{self, InterruptGuard},
};

use crate::encoder::{borrowed, dictionary};

/// Prepares FFmpeg once and keeps its chatter off standard error; what fails is returned instead.
pub(crate) fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        if let Err(error) = ffmpeg::init() {
            tracing::error!(%error, "FFmpeg failed to start");
        }
        // The level of what is kept by `keep_words`; nothing is printed.
        ffmpeg::log::set_level(ffmpeg::log::Level::Error);
        keep_log();
    });
}

thread_local! {
    static LAST_WORDS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What FFmpeg last complained about on this thread since it was asked.
pub(crate) fn last_words() -> Option<String> {
    LAST_WORDS.with(|words| Some(std::mem::take(&mut *words.borrow_mut())))
}

#[expect(unsafe_code, reason = "the binding has no call for it")]
fn keep_log() {
    // SAFETY: the callback is a plain function that lives as long as the program and may be called from any thread.
    unsafe { ffi::av_log_set_callback(Some(keep_words)) }
}

/// Keeps FFmpeg's complaint for the error that follows it on the same thread.
#[expect(unsafe_code, reason = "FFmpeg calls it with a C argument list")]
unsafe extern "C" fn keep_words(
    context: *mut c_void,
    level: c_int,
    text: *const c_char,
    arguments: *mut ffi::__va_list_tag,
) {
    const LINE: usize = 256;
    if level > ffi::AV_LOG_ERROR {
        return;
    }
    let mut line = [0 as c_char; LINE];
    let mut prefix: c_int = 0;
    // SAFETY: context, text and arguments are FFmpeg's own and valid during the call; the line is written within its
    // length and ends in a zero.
    let said = unsafe {
        ffi::av_log_format_line2(context, level, text, arguments, line.as_mut_ptr(), LINE as c_int, &raw mut prefix);
        CStr::from_ptr(line.as_ptr())
    };
    let said = said.to_string_lossy().trim().to_owned();
    tracing::debug!(said, "FFmpeg");
    // A thread that ends no longer keeps words.
    let _ = LAST_WORDS.try_with(|words| {
        if let Ok(mut words) = words.try_borrow_mut() {
            *words = said;
        }
    });
}

/// Opens `address` for `muxer` with options of its protocol. `is_over` is asked while FFmpeg waits and ends the waiting.
///
/// The guard must outlive the container.
#[expect(unsafe_code, reason = "the binding can't interrupt outputs")]
pub(crate) fn open_output(
    address: &str,
    muxer: &str,
    options: Vec<(&'static str, String)>,
    is_over: impl FnMut() -> bool + Send + 'static,
) -> Result<(format::context::Output, InterruptGuard), ffmpeg::Error> {
    let text = |text: &str| CString::new(text).map_err(|_| ffmpeg::Error::Other { errno: ffmpeg::error::EINVAL });
    let (address, muxer) = (text(address)?, text(muxer)?);
    let interrupt = interrupt::new(Box::new(is_over));
    let mut context = ptr::null_mut();
    // SAFETY: all strings outlive the calls; the context is freed by its wrapper, which is made before anything else can
    // fail; the interrupt's closure lives in the guard, which the caller keeps; FFmpeg leaves the options that it did not
    // use in the dictionary, which is freed by its owner.
    unsafe {
        let made =
            ffi::avformat_alloc_output_context2(&raw mut context, ptr::null_mut(), muxer.as_ptr(), address.as_ptr());
        if made < 0 || context.is_null() {
            return Err(ffmpeg::Error::from(made));
        }
        let output = format::context::Output::wrap(context);
        (*context).interrupt_callback = interrupt.interrupt;
        if (*(*context).oformat).flags & ffi::AVFMT_NOFILE == 0 {
            let mut left = dictionary(borrowed(&options)).disown();
            let callback = &raw const (*context).interrupt_callback;
            let opened = ffi::avio_open2(
                &raw mut (*context).pb,
                address.as_ptr(),
                ffi::AVIO_FLAG_WRITE,
                callback,
                &raw mut left,
            );
            drop(ffmpeg::Dictionary::own(left));
            if opened < 0 {
                return Err(ffmpeg::Error::from(opened));
            }
        }
        Ok((output, interrupt.guard))
    }
}

/// Hands what the muxer has buffered to the network or the disk; what was refused there is an error.
#[expect(unsafe_code, reason = "the binding has no call for it")]
pub(crate) fn flush_output(muxer: &mut format::context::Output) -> Result<(), ffmpeg::Error> {
    // SAFETY: the context is alive and borrowed uniquely; containers that open their own files have no `pb`.
    let error = unsafe {
        let io = (*muxer.as_mut_ptr()).pb;
        if io.is_null() {
            return Ok(());
        }
        ffi::avio_flush(io);
        (*io).error
    };
    if error < 0 { Err(ffmpeg::Error::from(error)) } else { Ok(()) }
}

/// The headers of an encoder's stream.
#[expect(unsafe_code, reason = "the binding has no call for it")]
pub(crate) fn extradata(context: &codec::Context) -> Option<Vec<u8>> {
    // SAFETY: the context is alive; FFmpeg keeps length and pointer in step.
    unsafe {
        let context = context.as_ptr();
        let (data, size) = ((*context).extradata, usize::try_from((*context).extradata_size).ok()?);
        (!data.is_null()).then(|| std::slice::from_raw_parts(data, size).to_vec())
    }
}

/// Makes the samples of `frame` its own again, if an encoder still holds on to them.
#[expect(unsafe_code, reason = "the binding has no call for it")]
pub(crate) fn make_audio_writable(frame: &mut frame::Audio) -> Result<(), ffmpeg::Error> {
    // SAFETY: the frame is alive, borrowed uniquely, and was allocated with its buffers by FFmpeg.
    match unsafe { ffi::av_frame_make_writable(frame.as_mut_ptr()) } {
        result if result < 0 => Err(ffmpeg::Error::from(result)),
        _ => Ok(()),
    }
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

/// Makes `scaler`, which turns pictures like `picture` into RGB, use their own matrix: what they name, or what is usual for
/// their size.
#[expect(unsafe_code, reason = "the binding has no call for the colour matrix")]
pub(crate) fn set_source_matrix(scaler: &mut scaling::Context, picture: &frame::Video) -> Result<(), ffmpeg::Error> {
    use ffmpeg::color::{Range, Space};
    const FULL: c_int = 1;
    const UNCHANGED: c_int = 1 << 16; // 1.0 in 16.16 fixed point
    const SMALL: u32 = 576; // standard definition
    let matrix = match picture.color_space() {
        Space::BT470BG | Space::SMPTE170M => ffi::SWS_CS_ITU601,
        Space::BT2020NCL | Space::BT2020CL => ffi::SWS_CS_BT2020,
        Space::Unspecified if picture.height() <= SMALL => ffi::SWS_CS_ITU601,
        _ => ffi::SWS_CS_ITU709,
    };
    let range = c_int::from(picture.color_range() == Range::JPEG);
    // SAFETY: the scaler is alive and borrowed uniquely; the coefficient tables are static, and FFmpeg copies from them.
    let result = unsafe {
        let source = ffi::sws_getCoefficients(matrix as c_int);
        ffi::sws_setColorspaceDetails(scaler.as_mut_ptr(), source, range, source, FULL, 0, UNCHANGED, UNCHANGED)
    };
    // A source that is RGB already has no matrix: FFmpeg says −1 and needs none.
    if result < -1 { Err(ffmpeg::Error::from(result)) } else { Ok(()) }
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
pub(crate) fn end_fragment(muxer: &mut format::context::Output) -> Result<(), ffmpeg::Error> {
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
pub(crate) fn flush_io(muxer: &mut format::context::Output) {
    // SAFETY: the context is alive and borrowed uniquely; `pb` was set when it was opened and is owned by it.
    unsafe { ffi::avio_flush((*muxer.as_mut_ptr()).pb) }
}

/// What a packet of captions holds.
pub(crate) struct Subtitle {
    /// When it appears, after the packet's time.
    pub(crate) start_millis: u32,
    /// When it goes, after the packet's time, where that is known.
    pub(crate) end_millis: Option<u32>,
    /// ASS events or plain texts; bytes that are no UTF-8 are replaced.
    pub(crate) texts: Vec<String>,
}

/// Decodes one packet of captions; none if nothing came out.
///
/// The binding would take any bytes for UTF-8 and never frees what was decoded.
#[expect(unsafe_code, reason = "the binding's call is unsound for texts that are no UTF-8")]
pub(crate) fn decode_subtitle(
    decoder: &mut codec::decoder::Subtitle,
    packet: &ffmpeg::Packet,
) -> Result<Option<Subtitle>, ffmpeg::Error> {
    use ffmpeg::packet::Ref as _;
    let mut got: c_int = 0;
    // SAFETY: an all-zero AVSubtitle is what FFmpeg expects to fill in; the decoder and the packet are alive, and FFmpeg does
    // not write to the packet; rectangles and their texts are FFmpeg's own and read before they are freed, which is done
    // exactly once and only if something was decoded.
    unsafe {
        let mut found: ffi::AVSubtitle = std::mem::zeroed();
        let result = ffi::avcodec_decode_subtitle2(
            decoder.as_mut_ptr(),
            &raw mut found,
            &raw mut got,
            packet.as_ptr().cast_mut(),
        );
        if result < 0 {
            return Err(ffmpeg::Error::from(result));
        }
        if got == 0 {
            return Ok(None);
        }
        let mut texts = Vec::new();
        for index in 0..found.num_rects as usize {
            let rect = *found.rects.add(index);
            let text = if (*rect).ass.is_null() { (*rect).text } else { (*rect).ass };
            if !text.is_null() {
                texts.push(CStr::from_ptr(text).to_string_lossy().into_owned());
            }
        }
        let end_millis = Some(found.end_display_time).filter(|end| *end != u32::MAX && *end > 0);
        let start_millis = found.start_display_time;
        ffi::avsubtitle_free(&raw mut found);
        Ok(Some(Subtitle { start_millis, end_millis, texts }))
    }
}

/// Puts what WebM stores beside a block, such as alpha, into the block's packet.
#[expect(unsafe_code, reason = "the binding can't add side data to packets")]
pub(crate) fn add_block_addition(packet: &mut ffmpeg::Packet, data: &[u8]) -> Result<(), ffmpeg::Error> {
    use ffmpeg::packet::Mut as _;
    let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL;
    // SAFETY: the packet is alive and borrowed uniquely; FFmpeg allocates as many bytes as are copied, and frees them with the
    // packet.
    unsafe {
        let to = ffi::av_packet_new_side_data(packet.as_mut_ptr(), kind, data.len());
        if to.is_null() {
            return Err(ffmpeg::Error::Other { errno: ffmpeg::error::ENOMEM });
        }
        ptr::copy_nonoverlapping(data.as_ptr(), to, data.len());
    }
    Ok(())
}

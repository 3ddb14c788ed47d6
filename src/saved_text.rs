//! Bytes that a person saved, as text: what Windows, browsers and scripts make of it, or what it is instead.

use std::io::Read;

use thiserror::Error;

/// Decompressed, a file may have this many bytes.
const MOST: u64 = 256 * 1024 * 1024;

/// Why bytes are no text, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum NoText {
    /// Another kind of file.
    #[error("it is {0}, and no text: {1}")]
    Other(&'static str, &'static str),
    /// The machine's own code page, or damage.
    #[error(
        "it is not UTF-8 (byte 0x{byte:02X} in line {line}, column {column}): save it as UTF-8; in PowerShell, Set-Content -Encoding utf8"
    )]
    NotUtf8 {
        /// The first byte that is none of a text in UTF-8.
        byte: u8,
        /// Its line.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// UTF-16 that ends within a character.
    #[error("it is UTF-16 that was cut or damaged: save it again, as UTF-8")]
    CutUtf16,
    /// Compressed, and damaged or far too large.
    #[error("it is compressed and cannot be unpacked: unpack it yourself, or save it without --compressed")]
    Packed,
}

/// How a file of another kind begins, what it is, and what to do with it.
const OTHERS: [(&[u8], &str, &str); 10] = [
    (
        b"PK\x03\x04",
        "a spreadsheet, a document or a ZIP file",
        "open it, and save it as CSV UTF-8 or copy the cells into a text file",
    ),
    (
        b"\xD0\xCF\x11\xE0",
        "an Excel or Word file of the old kind",
        "open it, and save it as CSV UTF-8 or copy the cells into a text file",
    ),
    (b"%PDF", "a PDF", "open it, and copy the table into a text file with a tab between the cells"),
    (b"{\\rtf", "a rich text document", "save it as plain text (UTF-8)"),
    (
        b"\x89PNG",
        "a picture",
        "type what it shows into a text file: Module, Function, Add, Edit, Delete, Inquire",
    ),
    (
        b"\xFF\xD8\xFF",
        "a picture",
        "type what it shows into a text file: Module, Function, Add, Edit, Delete, Inquire",
    ),
    (
        b"GIF8",
        "a picture",
        "type what it shows into a text file: Module, Function, Add, Edit, Delete, Inquire",
    ),
    (b"7z\xBC\xAF", "a 7-Zip archive", "unpack it"),
    (b"\x28\xB5\x2F\xFD", "compressed (zstd)", "unpack it"),
    (b"SQLite format 3", "a database", "export the rows as JSON or CSV"),
];

/// UTF-8, UTF-16 as older PowerShells write it, either with or without a mark at the start, and either
/// compressed by gzip.
pub(crate) fn read(bytes: &[u8]) -> Result<String, NoText> {
    if bytes.starts_with(b"\x1F\x8B") {
        let mut plain = Vec::new();
        let mut unpacked = flate2::read::MultiGzDecoder::new(bytes).take(MOST);
        return match unpacked.read_to_end(&mut plain) {
            Ok(length) if (length as u64) < MOST && !plain.starts_with(b"\x1F\x8B") => read(&plain),
            _ => Err(NoText::Packed),
        };
    }
    if let Some((_, what, help)) = OTHERS.iter().find(|(start, _, _)| bytes.starts_with(start)) {
        return Err(NoText::Other(what, help));
    }
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        // No text has a character of zero: Latin letters in UTF-16 have one each.
        [first, 0, _, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => utf16(bytes, u16::from_be_bytes),
        bytes => utf8(bytes),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<String, NoText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<_> = pairs.iter().map(|pair| read(*pair)).collect();
    let text = if rest.is_empty() { String::from_utf16(&units).ok() } else { None };
    text.ok_or(NoText::CutUtf16)
}

fn utf8(bytes: &[u8]) -> Result<String, NoText> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        NoText::NotUtf8 {
            byte: bytes.get(error.valid_up_to()).copied().unwrap_or_default(),
            line: good.matches('\n').count() + 1,
            column: good.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{NoText, read};

    #[test]
    fn text_is_read_in_whichever_encoding_it_was_saved() {
        let little: Vec<u8> = "Zoë, All".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "Zoë, All".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("Zoë, All".as_bytes()).expect("memory takes everything");
        for bytes in [
            "Zoë, All".as_bytes().to_vec(),
            [b"\xEF\xBB\xBF".as_slice(), "Zoë, All".as_bytes()].concat(),
            [b"\xFF\xFE".as_slice(), &little].concat(),
            [b"\xFE\xFF".as_slice(), &big].concat(),
            little.clone(),
            big,
            packed.finish().expect("memory takes everything"),
        ] {
            assert_eq!(read(&bytes).as_deref(), Ok("Zoë, All"), "{bytes:?}");
        }
        assert_eq!(read(b""), Ok(String::new()));
    }

    #[test]
    fn what_is_no_text_is_named_with_what_to_do() {
        for (bytes, said) in [
            (b"PK\x03\x04....".as_slice(), "spreadsheet"),
            (b"%PDF-1.7", "copy the table"),
            (b"\x89PNG\r\n", "a picture"),
            (b"a\nbc\xE9d", "byte 0xE9 in line 2, column 3"),
            (b"\xFF\xFEa\0b", "cut or damaged"),
            (b"\x1F\x8Bxx", "compressed"),
        ] {
            let error = read(bytes).expect_err(said);
            assert!(error.to_string().contains(said), "{error}");
        }
        assert!(matches!(read(b"caf\xE9"), Err(NoText::NotUtf8 { byte: 0xE9, line: 1, column: 4 })));
    }
}

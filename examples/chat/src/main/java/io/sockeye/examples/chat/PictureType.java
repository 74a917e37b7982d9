package io.sockeye.examples.chat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells a picture's type by its first bytes: what a client calls it proves nothing. Without state. */
final class PictureType {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    private PictureType() {}

    /** The media type; null when it is none that the chat shows. */
    static @Nullable String of(byte[] data) {
        if (has(data, 0, PNG)) {
            return "image/png";
        }
        if (has(data, 0, JPEG)) {
            return "image/jpeg";
        }
        if (has(data, 0, ascii("GIF87a")) || has(data, 0, ascii("GIF89a"))) {
            return "image/gif";
        }
        if (has(data, 0, ascii("RIFF")) && has(data, 8, ascii("WEBP"))) {
            return "image/webp";
        }
        return null;
    }

    private static boolean has(byte[] data, int offset, byte[] signature) {
        int end = offset + signature.length;
        return data.length >= end && Arrays.equals(data, offset, end, signature, 0, signature.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

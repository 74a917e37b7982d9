package io.sockeye.transport.polling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a body is compressed (RFC 9110, 8.4.1). Thread-safe: without state. */
enum ContentCoding {
    /** Not at all. */
    IDENTITY("identity"),
    /** RFC 1952. */
    GZIP("gzip"),
    /** RFC 1950. */
    DEFLATE("deflate");

    private final String text;

    ContentCoding(String text) {
        this.text = text;
    }

    /** The {@code Content-Encoding} header's value. */
    String text() {
        return text;
    }

    /**
     * What the client likes best of gzip and deflate, as the reference reads its {@code Accept-Encoding} (RFC 9110,
     * 12.5.3): the highest quality first; of equal ones what it names before {@code *}, and what it names first.
     */
    static ContentCoding negotiate(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return IDENTITY;
        }
        Preference gzip = new Preference(GZIP);
        Preference deflate = new Preference(DEFLATE);
        int position = 0;
        for (String element : acceptEncoding.split(",", -1)) {
            String[] parts = element.split(";", -1);
            String name = parts[0].trim().toLowerCase(Locale.ROOT);
            double quality = quality(parts);
            gzip.offer(name, quality, position);
            deflate.offer(name, quality, position);
            position++;
        }
        Preference best = deflate.isBetterThan(gzip) ? deflate : gzip;
        return best.quality > 0 ? best.coding : IDENTITY;
    }

    /** The bytes in this coding; the array itself when there is none. */
    byte[] encode(byte[] bytes) {
        if (this == IDENTITY) {
            return bytes;
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(bytes.length / 2);
        try (OutputStream encoder = this == GZIP ? new GZIPOutputStream(encoded) : new DeflaterOutputStream(encoded)) {
            encoder.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing here does I/O
        }
        return encoded.toByteArray();
    }

    /** The element's {@code q}; 1 when it has none, 0 when it is not a number. */
    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /** How much the client likes one coding. */
    private static final class Preference {
        private final ContentCoding coding;
        private boolean named;
        private double quality;
        private int position;

        Preference(ContentCoding coding) {
            this.coding = coding;
        }

        /** Takes note of an element of the header, if it is about this coding. */
        void offer(String name, double quality, int position) {
            boolean byName = name.equals(coding.text);
            if (byName ? !named : !named && name.equals("*")) {
                this.named = byName;
                this.quality = quality;
                this.position = position;
            }
        }

        boolean isBetterThan(Preference other) {
            if (quality != other.quality) {
                return quality > other.quality;
            }
            if (named != other.named) {
                return named;
            }
            return position < other.position;
        }
    }
}

package io.sockeye.transport.polling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentCodingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                       | GZIP
            GZIP                       | GZIP
            gzip, deflate, br          | GZIP
            deflate, gzip              | DEFLATE
            gzip;q=0.5, deflate        | DEFLATE
            gzip;q=0.5, identity;q=1   | GZIP
            *                          | GZIP
            *;q=0.5, gzip;q=0          | DEFLATE
            deflate, *                 | DEFLATE
            *, deflate                 | DEFLATE
            gzip ; q=0.1 , deflate;q=0.2 | DEFLATE
            ''                         | IDENTITY
            br                         | IDENTITY
            identity                   | IDENTITY
            gzip;q=0                   | IDENTITY
            gzip;q=abc                 | IDENTITY
            *;q=0                      | IDENTITY
            x-gzip                     | IDENTITY
            ,;                         | IDENTITY
            """)
    void choosesAsTheReferenceDoes(String acceptEncoding, ContentCoding coding) {
        assertThat(ContentCoding.negotiate(acceptEncoding)).isEqualTo(coding);
    }

    @Test
    void clientThatDoesNotSayGetsThePlainText() {
        assertThat(ContentCoding.negotiate(null)).isEqualTo(ContentCoding.IDENTITY);
    }
}

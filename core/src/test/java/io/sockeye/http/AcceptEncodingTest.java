package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {

    /** What the reference's {@code accepts} makes of the header when it has gzip and deflate to offer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                             | -",
                "''                            | -",
                "gzip                          | gzip",
                "GZIP                          | gzip",
                "deflate                       | deflate",
                "br                            | -",
                "identity                      | -",
                "x-gzip                        | -",
                "*                             | gzip",
                "'gzip, deflate, br, zstd'     | gzip",
                "'deflate, gzip'               | deflate",
                "'gzip;q=0.5, deflate'         | deflate",
                "'deflate;q=0.5,gzip;q=0.6'    | gzip",
                "gzip;q=0                      | -",
                "'gzip;q=0, deflate'           | deflate",
                "'*;q=0'                       | -",
                "'*;q=0.5, gzip;q=0'           | deflate",
                "'deflate, gzip;q=1.0, *;q=0.5'| deflate",
                "'gzip;q=0.5, identity;q=1'    | gzip",
                "gzip;q=abc                    | -",
                "gzip ; q=0.3                  | gzip",
                "',,gzip,'                     | gzip"
            })
    void codingIsChosenAsTheReferenceChoosesIt(String header, String chosen) {
        assertThat(AcceptEncoding.choose(header, List.of("gzip", "deflate"))).isEqualTo(chosen);
    }
}

package io.sockeye.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpFieldsTest {
    private final HttpFields fields =
            HttpFields.of("Accept-Encoding", "br", "Host", "a", "accept-encoding", "gzip;q=0.5");

    @Test
    void repeatedFieldIsOneListWhenJoined() {
        assertThat(fields.joined("ACCEPT-ENCODING")).isEqualTo("br, gzip;q=0.5");
        assertThat(fields.joined("host")).isEqualTo("a");
        assertThat(fields.joined("Origin")).isNull();
    }

    @Test
    void firstOfARepeatedFieldIsTheOneToGet() {
        assertThat(fields.get("ACCEPT-ENCODING")).isEqualTo("br");
    }
}

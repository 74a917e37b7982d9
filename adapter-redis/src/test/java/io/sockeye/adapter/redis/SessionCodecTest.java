package io.sockeye.adapter.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.cluster.LogPosition;
import io.sockeye.adapter.cluster.StoredSession;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import io.sockeye.adapter.cluster.StoredSession.Stay;
import io.sockeye.protocol.ProtocolException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Sessions as Redis has them. */
final class SessionCodecTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long POSITION = LogPosition.of(1_795_269_600_000L, 12);

    /** By {@code encode({ sid: "s1", pid: "p1", rooms: ["s1", "5", "\u00e9"], data: { name: "Ada", n: [1, null] } })} of @msgpack/msgpack. */
    private static final String OF_REFERENCE = "hKNzaWSiczGjcGlkonAxpXJvb21zk6JzMaE1osOppGRhdGGCpG5hbWWjQWRhoW6SAcA=";

    private static StoredSession session() {
        Moment start = new Moment(POSITION, "0123456789abcdef", 7);
        Moment later = new Moment(POSITION + 1, "0123456789abcdef", 9);
        return new StoredSession(
                "s1",
                "p1",
                "0123456789abcdef",
                /* live= */ true,
                start,
                later,
                POSITION,
                POSITION - 1,
                List.of(new Stay("s1", start, null), new Stay("left", start, later), new Stay("5", later, null)),
                MAPPER.readTree("{\"name\":\"Ada\",\"n\":[1,null]}"));
    }

    @Test
    void sessionIsReadAsItWasWritten() throws ProtocolException {
        assertThat(SessionCodec.read(SessionCodec.write(session()))).isEqualTo(session());
    }

    @Test
    void ownerCanBeReadFromTheBeginning() {
        String written = new String(SessionCodec.write(session()), US_ASCII);
        assertThat(written).startsWith(new String(SessionCodec.prefix("0123456789abcdef"), US_ASCII));
        assertThat(written).doesNotStartWith(new String(SessionCodec.prefix("0123456789abcdee"), US_ASCII));
        assertThat(SessionCodec.prefix("0123456789abcdef")).hasSize(28);
    }

    @Test
    void sessionOfTheReferenceIsRead() throws ProtocolException {
        StoredSession read = SessionCodec.read(OF_REFERENCE.getBytes(US_ASCII));
        assertThat(read.sid()).isEqualTo("s1");
        assertThat(read.pid()).isEqualTo("p1");
        assertThat(read.rooms()).containsExactlyInAnyOrder("s1", "5", "\u00e9");
        assertThat(read.data()).isEqualTo(MAPPER.readTree("{\"name\":\"Ada\",\"n\":[1,null]}"));
        assertThat(read.owner()).isEmpty();
        assertThat(read.asOf()).isNull();
    }

    @Test
    void rubbishIsRefused() {
        for (String rubbish : List.of("", "!", "kA==", "gA==", "hKNzaWSi")) {
            assertThatThrownBy(() -> SessionCodec.read(rubbish.getBytes(US_ASCII)))
                    .as(rubbish)
                    .isInstanceOf(ProtocolException.class);
        }
    }
}

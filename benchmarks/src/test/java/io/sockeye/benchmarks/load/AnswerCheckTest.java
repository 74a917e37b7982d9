package io.sockeye.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sockeye.benchmarks.load.Script.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCheckTest {
    private static final byte[] FIRST = Frames.fromServer("42[\"first\"]");
    private static final byte[] SECOND = Frames.fromServer("42[\"second one\"]");
    private static final byte[] PING = Frames.fromServer("2");
    private static final byte[] FRAME_PING = Frames.fromServer(Frames.PING, new byte[0]);

    private final List<String> pings = new ArrayList<>();
    private final AnswerCheck check = new AnswerCheck(frame -> pings.add(frame ? "frame" : "packet"));

    @BeforeEach
    void follow() {
        check.follow(new Script(List.of(new Operation(new byte[1], FIRST), new Operation(new byte[1], SECOND))));
    }

    @Test
    void answersAreCountedInOrderAndRoundAgain() {
        check.await(3);
        assertThat(consume(FIRST, SECOND, FIRST)).isEqualTo(3);
        check.await(1);
        assertThat(consume(SECOND)).isEqualTo(1);
        assertThat(check.awaited()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void answersMayArriveInPiecesWithPingsBetween(int piece) {
        byte[] stream = Frames.join(PING, FIRST, PING, FRAME_PING, PING, SECOND, FIRST, PING);
        check.await(3);
        int answers = 0;
        for (int at = 0; at < stream.length; at += piece) {
            ByteBuffer received = ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at));
            answers += check.consume(received);
            assertThat(received.hasRemaining()).isFalse();
        }
        assertThat(answers).isEqualTo(3);
        assertThat(pings).containsExactly("packet", "packet", "frame", "packet", "packet");
    }

    @Test
    void pingIsTakenWhenAnAnswerIsAwaitedAndWhenNoneIs() {
        consume(PING);
        check.await(1);
        assertThat(consume(FIRST, PING)).isEqualTo(1);
        assertThat(consume(PING, FRAME_PING)).isZero();
        assertThat(pings).hasSize(4);
    }

    @Test
    void everyWrongByteIsNoticed() {
        for (int i = 0; i < FIRST.length; i++) {
            follow();
            AnswerCheck fresh = new AnswerCheck(frame -> {});
            fresh.follow(new Script(List.of(new Operation(new byte[1], FIRST))));
            fresh.await(1);
            byte[] wrong = FIRST.clone();
            wrong[i] ^= 1;
            assertThatExceptionOfType(LoadFailure.class)
                    .isThrownBy(() -> fresh.consume(ByteBuffer.wrap(wrong)))
                    .withMessageContaining("wrong answer");
        }
    }

    @Test
    void answerThatNobodyAskedForIsNoticed() {
        assertThatExceptionOfType(LoadFailure.class)
                .isThrownBy(() -> consume(FIRST))
                .withMessage("answered more often than asked");
    }

    @Test
    void answerAfterTheLastAwaitedOneIsNoticed() {
        check.await(1);
        assertThatExceptionOfType(LoadFailure.class).isThrownBy(() -> consume(FIRST, SECOND));
    }

    private int consume(byte[]... parts) {
        return check.consume(ByteBuffer.wrap(Frames.join(parts)));
    }
}

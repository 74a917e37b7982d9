package io.sockeye.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FramesTest {

    @Test
    void serverTextFrameIsPlain() {
        assertThat(Frames.fromServer("42[]")).asHexString().isEqualTo("810434325B5D");
    }

    @Test
    void clientTextFrameIsMasked() {
        assertThat(Frames.fromClient("42[]")).asHexString().isEqualTo("81845A931CE76EA147BA");
    }

    @Test
    void lengthTakesTwoBytesFrom126On() {
        assertThat(Frames.fromServer(Frames.BINARY, new byte[125])).hasSize(127).startsWith(0x82, 125, 0);
        assertThat(Frames.fromServer(Frames.BINARY, new byte[126])).hasSize(130).startsWith(0x82, 126, 0, 126, 0);
        assertThat(Frames.fromServer(Frames.BINARY, new byte[65535])).startsWith(0x82, 126, 0xff, 0xff, 0);
    }

    @Test
    void lengthTakesEightBytesFrom65536On() {
        assertThat(Frames.fromServer(Frames.BINARY, new byte[65536]))
                .hasSize(65546)
                .startsWith(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0);
    }
}

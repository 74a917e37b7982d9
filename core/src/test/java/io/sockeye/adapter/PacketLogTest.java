package io.sockeye.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.DefaultParser;
import io.sockeye.protocol.socketio.MsgpackParser;
import io.sockeye.protocol.socketio.ParserFactory;
import io.sockeye.protocol.socketio.SocketJson;
import io.sockeye.protocol.socketio.SocketPacket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The parts of the recovering adapter: the log, its offsets, and who was in which room when. */
final class PacketLogTest {
    private static final long LIFE = Duration.ofSeconds(10).toNanos();

    private final PacketLog log = new PacketLog(
            new RecoverySettings(Duration.ofSeconds(5), Duration.ofNanos(LIFE), 100, 1 << 20, /* maxSessions= */ 1));

    private void add(int count, long nowNanos) {
        for (int i = 0; i < count; i++) {
            log.add(new PacketLog.Entry(EncodedPacket.text("x"), BroadcastOptions.DEFAULT, null, nowNanos));
        }
    }

    @Test
    void positionsCountUpWithoutAGap() {
        assertThat(log.last()).isZero();
        assertThat(log.keepsAllBehind(0)).isTrue();
        add(70, 0);
        assertThat(log.first()).isOne();
        assertThat(log.last()).isEqualTo(70);
        PacketLog.Entry oldest = log.at(1);
        add(30, 0);
        assertThat(log.at(1)).isSameAs(oldest);
        assertThat(log.size()).isEqualTo(100);
    }

    @Test
    void whatIsTooManyGoesAndIsRememberedAsLost() {
        add(150, 0);
        assertThat(log.size()).isEqualTo(100);
        assertThat(log.first()).isEqualTo(51);
        assertThat(log.keepsAllBehind(50)).isTrue();
        assertThat(log.keepsAllBehind(49)).isFalse();
        assertThat(log.hasLostNothingBehind(50, LIFE)).isTrue();
        assertThat(log.hasLostNothingBehind(49, LIFE)).isFalse();
        assertThat(log.hasLostNothingBehind(49, LIFE + 1)).isTrue();
    }

    @Test
    void whatIsTooOldGoesAndIsNotLost() {
        add(10, 0);
        add(1, LIFE);
        assertThat(log.size()).isEqualTo(11);
        add(1, LIFE + 1);
        assertThat(log.size()).isEqualTo(2);
        assertThat(log.keepsAllBehind(9)).isFalse();
        assertThat(log.hasLostNothingBehind(0, LIFE + 1)).isTrue();
        log.trim(3 * LIFE);
        assertThat(log.size()).isZero();
        assertThat(log.bytes()).isZero();
        assertThat(log.keepsAllBehind(12)).isTrue();
        add(1, 3 * LIFE);
        assertThat(log.first()).isEqualTo(13);
        log.clear();
        assertThat(log.bytes()).isZero();
    }

    @Test
    void clockMayRunThroughZero() {
        add(1, Long.MAX_VALUE);
        add(1, Long.MAX_VALUE + LIFE);
        assertThat(log.size()).isEqualTo(2);
        add(1, Long.MAX_VALUE + LIFE + 1);
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void offsetsHaveOneLengthAndStandForPositions() {
        Offsets offsets = new Offsets(new Random(1));
        assertThat(offsets.blank()).hasSize(13);
        for (long position : new long[] {0, 1, 63, 64, 4095, 1L << 30, (1L << 42) - 1}) {
            assertThat(offsets.text(position)).hasSize(13);
            assertThat(offsets.position(offsets.text(position))).isEqualTo(position);
        }
    }

    @Test
    void otherTextsAreNoOffsets() {
        Offsets offsets = new Offsets(new Random(1));
        String one = offsets.text(1);
        assertThat(offsets.position(null)).isEqualTo(-1);
        assertThat(offsets.position("")).isEqualTo(-1);
        assertThat(offsets.position(one + "A")).isEqualTo(-1);
        assertThat(offsets.position(one.substring(0, 12))).isEqualTo(-1);
        assertThat(offsets.position(one.substring(0, 12) + "é")).isEqualTo(-1);
        assertThat(offsets.position(new Offsets(new Random(2)).text(1))).isEqualTo(-1);
    }

    @Test
    void offsetIsWrittenInThePlaceOfTheLastBlank() {
        Offsets offsets = new Offsets(new Random(1));
        String blank = offsets.blank();
        EncodedPacket packet = EncodedPacket.text("2[\"" + blank + "\",\"" + blank + "\"]");
        offsets.write(packet, 5);
        assertThat(new String(packet.array(), packet.packetOffset(), packet.packetLength(), StandardCharsets.US_ASCII))
                .isEqualTo("42[\"" + blank + "\",\"" + offsets.text(5) + "\"]");
    }

    @Test
    void offsetIsFoundInWhatEachParserWrites() {
        Offsets offsets = new Offsets(new Random(1));
        ParserFactory.Settings settings =
                new ParserFactory.Settings(SocketJson.mapper().build(), /* maxAttachments= */ 10);
        for (ParserFactory parser : List.of(DefaultParser.factory(), MsgpackParser.factory())) {
            EncodedPacket packet = parser.create(settings)
                    .encoder()
                    .event("/chat", SocketPacket.NO_ID, "x", new Object[] {new byte[100], offsets.blank()}, true);
            offsets.write(packet, 5);
            assertThat(new String(packet.array(), StandardCharsets.ISO_8859_1))
                    .contains(offsets.text(5))
                    .doesNotContain(offsets.blank());
        }
    }

    @Test
    void staysKnowWhoWasWhereWhen() {
        Stays stays = new Stays();
        stays.join("red", 3);
        stays.join("red", 4);
        stays.leave("red", 5, 1);
        stays.leave("red", 6, 1);
        stays.join("red", 8);
        assertThat(stays.during(3, "red")).isFalse();
        assertThat(stays.during(4, "red")).isTrue();
        assertThat(stays.during(5, "red")).isTrue();
        assertThat(stays.during(6, "red")).isFalse();
        assertThat(stays.during(8, "red")).isFalse();
        assertThat(stays.during(9, "red")).isTrue();
        assertThat(stays.during(9, "blue")).isFalse();
        assertThat(stays.rooms()).containsExactly("red");
    }

    @Test
    void staysThatNoPacketIsAboutAreForgotten() {
        Stays stays = new Stays();
        for (int position = 0; position < 1000; position++) {
            stays.join("red", position);
            stays.leave("red", position, position);
            stays.join("room " + position, position);
            stays.leave("room " + position, position + 1, position);
        }
        assertThat(stays.size()).isLessThan(50);
        assertThat(stays.rooms()).isEmpty();
    }
}

package io.sockeye.adapter.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.RoomMember;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What only Sockeye's nodes say, as it is written. */
final class ExtensionCodecTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of(
                        new ClusterMessage.CountSockets(
                                "q1", BroadcastOptions.DEFAULT.to(Set.of("5")).except(Set.of("é"))),
                        100,
                        "{'requestId':'q1','opts':{'rooms':['5'],'except':['é']}}"),
                Arguments.of(new ClusterMessage.CountSocketsResponse("q1", 7), 101, "{'requestId':'q1','count':7}"),
                Arguments.of(new ClusterMessage.BroadcastMissed("q1", "s1"), 102, "{'requestId':'q1','socketId':'s1'}"),
                Arguments.of(
                        new ClusterMessage.PresenceWatch("q1", Set.of("red"), true),
                        103,
                        "{'requestId':'q1','rooms':['red'],'complete':true}"),
                Arguments.of(
                        new ClusterMessage.PresenceState(
                                "q1",
                                "red",
                                1L << 40,
                                List.of(new RoomMember("s1", "ann"), new RoomMember("s2", null))),
                        104,
                        "{'requestId':'q1','room':'red','version':1099511627776,'members':[{'id':'s1','user':'ann'},{'id':'s2'}]}"),
                Arguments.of(
                        new ClusterMessage.PresenceChange(
                                "red", 3, 4, List.of(new RoomMember("s1", "ann")), List.of("s2")),
                        105,
                        "{'room':'red','previous':3,'version':4,'joined':[{'id':'s1','user':'ann'}],'left':['s2']}"),
                Arguments.of(new ClusterMessage.PresenceVersions(Map.of("red", 4L)), 106, "{'versions':{'red':4}}"),
                Arguments.of(new ClusterMessage.SessionTaken("n1", "s1"), 107, "{'owner':'n1','socketId':'s1'}"),
                Arguments.of(new ClusterMessage.Heartbeat(true), 110, "{'initial':true}"),
                Arguments.of(new ClusterMessage.AdapterClose(), 111, "{}"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messageIsWrittenAndRead(ClusterMessage message, int type, String json) {
        String text = json.replace('\'', '"');
        ExtensionCodec.Written written = ExtensionCodec.write(message);
        assertThat(written).isNotNull();
        assertThat(written.type()).isEqualTo(type).isGreaterThanOrEqualTo(ExtensionCodec.FIRST_TYPE);
        assertThat(MAPPER.writeValueAsString(written.data())).isEqualTo(text);
        assertThat(ExtensionCodec.read(type, MAPPER.readTree(text))).isEqualTo(message);
    }

    @Test
    void whatTheReferenceKnowsHasNoOtherForm() {
        assertThat(ExtensionCodec.write(new ClusterMessage.FetchSockets("q", BroadcastOptions.DEFAULT)))
                .isNull();
        assertThat(ExtensionCodec.write(new ClusterMessage.BroadcastClientCount("q", 1)))
                .isNull();
    }

    @Test
    void dataOfAnyShapeIsReadWithoutFailing() {
        assertThat(ExtensionCodec.read(99, MAPPER.readTree("{}"))).isNull();
        assertThat(ExtensionCodec.read(112, MAPPER.readTree("{}"))).isNull();
        for (int type = 100; type < 112; type++) {
            assertThat(ExtensionCodec.read(type, MAPPER.readTree("[]"))).isNull();
            ExtensionCodec.read(type, MAPPER.readTree("{}"));
            ExtensionCodec.read(
                    type,
                    MAPPER.readTree(
                            "{\"requestId\":[],\"room\":1,\"version\":\"x\",\"members\":[1,{}],\"joined\":{},\"left\":7,"
                                    + "\"count\":-2,\"rooms\":[null,3],\"versions\":[1],\"opts\":\"\",\"complete\":\"no\"}"));
        }
        assertThat(ExtensionCodec.read(101, MAPPER.readTree("{\"requestId\":\"q\",\"count\":-1}")))
                .isEqualTo(new ClusterMessage.CountSocketsResponse("q", 0));
    }
}

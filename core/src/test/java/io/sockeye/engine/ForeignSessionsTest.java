package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.HttpFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server among others: what identifiers look like, and which requests go elsewhere. */
class ForeignSessionsTest {
    private static final String UNKNOWN = "400 {\"code\":1,\"message\":\"Session ID unknown\"}";
    private static final String ELSEWHERE = "EIO=4&transport=polling&sid=-_Zaaaaaaaaaaaaaaaaa";

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    private final Others others = new Others();

    @Test
    void identifiersBeginWithTheTagAndAreOtherwiseAsBefore() {
        engine.settings().foreignSessions(others);
        String first = engine.openPolling().id();
        others.tag = "B-_";
        String second = engine.openPolling().id();
        assertThat(first).matches("A0z[A-Za-z0-9_-]{17}");
        assertThat(second).matches("B-_[A-Za-z0-9_-]{17}");
        assertThat(first.substring(3)).isNotEqualTo(second.substring(3));
    }

    @Test
    void sessionsThatAreHereAreServedHereWhateverTheTagIsNow() {
        engine.settings().foreignSessions(others);
        String id = engine.openPolling().id();
        others.tag = "B-_";
        TestExchange poll = engine.get("EIO=4&transport=polling&sid=" + id);
        assertThat(poll.isPending()).isTrue();
        engine.onLoop(() -> engine.session().send(EncodedPacket.text("hi")));
        assertThat(poll.answer()).hasToString("200 4hi");
        assertThat(others.requests).isEmpty();
    }

    @Test
    void noSessionBeginsBeforeThereIsATag() {
        engine.settings().foreignSessions(others);
        others.tag = null;
        assertThat(engine.get("EIO=4&transport=polling").answer())
                .hasToString("503 {\"code\":4,\"message\":\"Server starting\"}");
    }

    @Test
    void requestOfASessionThatIsNotHereGoesElsewhere() {
        engine.settings().foreignSessions(others).maxPayload(77).sendQueueLimit(100);
        TestExchange poll = engine.get(ELSEWHERE);
        assertThat(poll.isPending()).isTrue();
        ForeignRequest request = others.requests.get(0);
        assertThat(request.exchange()).isSameAs(poll);
        assertThat(request.tag()).isEqualTo("-_Z");
        assertThat(request.maxBody()).isEqualTo(77);
        assertThat(request.maxAnswer()).isEqualTo(277);
        poll.respond(200, HttpFields.create(), "from there".getBytes(StandardCharsets.UTF_8));
        assertThat(poll.answer()).hasToString("200 from there");
        assertThat(engine.server().stats().refused()).isZero();
    }

    @Test
    void upgradeOfASessionThatIsNotHereGoesElsewhere() {
        engine.settings().foreignSessions(others);
        TestExchange upgrade = engine.upgrade("EIO=4&transport=websocket&sid=-_Zaaaaaaaaaaaaaaaaa");
        assertThat(upgrade.isPending()).isTrue();
        others.requests.get(0).unknown().run();
        assertThat(upgrade.answer()).hasToString("400 Session ID unknown");
        assertThat(engine.server().stats().refused()).isOne();
    }

    @Test
    void whatIsNotTakenIsUnknown() {
        engine.settings().foreignSessions(others);
        others.takes = false;
        assertThat(engine.get(ELSEWHERE).answer()).hasToString(UNKNOWN);
        assertThat(others.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaa", "aaaaaaaaaaaaaaaaaaaaa", "%2E%2E%2Faaaaaaaaaaaaaaaaa", "*aaaaaaaaaaaaaaaaaaa"})
    void whatIsNoIdentifierIsUnknownWithoutAsking(String sid) {
        engine.settings().foreignSessions(others);
        assertThat(engine.get("EIO=4&transport=polling&sid=" + sid).answer()).hasToString(UNKNOWN);
        assertThat(others.requests).isEmpty();
    }

    @Test
    void whatNoRequestMayBeIsRefusedWithoutAsking() {
        engine.settings().foreignSessions(others);
        assertThat(engine.get("EIO=4&transport=pigeon&sid=-_Zaaaaaaaaaaaaaaaaa").answer())
                .hasToString("400 {\"code\":0,\"message\":\"Transport unknown\"}");
        assertThat(others.requests).isEmpty();
    }

    /** The other servers, which note what they get. */
    private static final class Others implements ForeignSessions {
        private final List<ForeignRequest> requests = new ArrayList<>();
        private @Nullable String tag = "A0z";
        private boolean takes = true;

        @Override
        public @Nullable String tag() {
            return tag;
        }

        @Override
        public boolean forward(ForeignRequest request) {
            requests.add(request);
            return takes;
        }
    }
}

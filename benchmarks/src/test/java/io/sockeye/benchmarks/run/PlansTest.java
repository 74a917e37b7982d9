package io.sockeye.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlansTest {

    @Test
    void groupsAndNamesAreSelectedOnceEach() {
        assertThat(new Plans(20_000).select("rooms,table,rooms"))
                .extracting(Plan::name)
                .containsExactly(
                        "rooms", "echo", "echo-1", "ack", "broadcast", "binary", "polling", "connect", "json-64k");
    }

    @Test
    void crowdsAreAsLargeAsTheFilesThatAProcessMayOpen() {
        assertThat(new Plans(20_000).select("broadcast-10k").get(0).load()).contains("10000");
        assertThat(new Plans(20_000).select("avalanche").get(0).load()).contains("9750");
        assertThat(new Plans(4096).select("broadcast-10k").get(0).load()).contains("3596");
    }

    @Test
    void unknownNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plans(4096).select("ekko"))
                .withMessageStartingWith("scenario: ekko (expected: [echo, ");
    }
}

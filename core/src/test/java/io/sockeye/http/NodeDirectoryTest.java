package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.http.NodeDirectory.Membership;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeDirectoryTest {
    private static final NodeAddress ONE = new NodeAddress("10.0.0.1", 3000);
    private static final NodeAddress TWO = new NodeAddress("10.0.0.2", 3000);

    private static @Nullable NodeAddress find(Membership member, String tag) {
        return member.find(tag).toCompletableFuture().join();
    }

    @Test
    void nodesOfOneProcessFindEachOtherUntilTheyLeave() {
        NodeDirectory directory = NodeDirectory.inProcess();
        Membership one = directory.join(ONE);
        Membership two = directory.join(TWO);
        assertThat(one.tag()).matches("[A-Za-z0-9_-]{3}").isNotEqualTo(two.tag());
        assertThat(find(one, two.tag())).isEqualTo(TWO);
        assertThat(find(two, one.tag())).isEqualTo(ONE);
        two.close();
        two.close();
        assertThat(find(one, two.tag())).isNull();
    }

    @Test
    void everyNodeHasATagOfItsOwn() {
        NodeDirectory directory = NodeDirectory.inProcess();
        Set<String> tags = new HashSet<>();
        List<Membership> members = new ArrayList<>();
        for (int i = 0; i < 5000; i++) { // some are drawn twice in all but one of 10^20 runs
            Membership member = directory.join(ONE);
            members.add(member);
            tags.add(member.tag());
        }
        assertThat(tags).hasSameSizeAs(members);
    }

    @Test
    void fixedNodesFindEachOtherInWhateverOrderTheyAreGiven() {
        Membership one = NodeDirectory.of(ONE, TWO).join(ONE);
        Membership two = NodeDirectory.of(TWO, ONE).join(TWO);
        assertThat(find(one, two.tag())).isEqualTo(TWO);
        assertThat(find(two, one.tag())).isEqualTo(ONE);
        assertThat(find(two, "---")).isNull();
        assertThat(NodeDirectory.of(ONE).join(ONE).tag()).isEqualTo(one.tag());
    }

    @Test
    void fixedNodesMustBeGivenOnceAndHaveTheirOwnAmongThem() {
        assertThatThrownBy(NodeDirectory::of).hasMessage("addresses: none (expected: those of all nodes)");
        assertThatThrownBy(() -> NodeDirectory.of(ONE, ONE))
                .hasMessage("addresses: 10.0.0.1:3000 twice (expected: once each)");
        assertThatThrownBy(() -> NodeDirectory.of(ONE).join(TWO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this node is 10.0.0.2:3000, which is not among the nodes [10.0.0.1:3000]");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.5:3000, 10.0.0.5, 3000", "node-1.internal:80, node-1.internal, 80", "[fd00::5]:1, fd00::5, 1"})
    void addressesAreReadAndWritten(String text, String host, int port) {
        assertThat(NodeAddress.parse(text))
                .isEqualTo(new NodeAddress(host, port))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":80", "host:", "host:0", "host:65536", "host:x", "fd00::5:80", "a/b:80"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> NodeAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address: " + text + " (expected: host:port)");
    }
}

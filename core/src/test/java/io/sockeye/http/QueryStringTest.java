package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QueryStringTest {

    static Stream<Arguments> queries() {
        return Stream.of(
                Arguments.of("/", Map.of()),
                Arguments.of("/?", Map.of()),
                Arguments.of("/?a", Map.of("a", "")),
                Arguments.of("/?a=", Map.of("a", "")),
                Arguments.of("/?=b", Map.of("", "b")),
                Arguments.of("/?a=1&b=2", Map.of("a", "1", "b", "2")),
                Arguments.of("/?a=1&a=2", Map.of("a", "2")),
                Arguments.of("/?a=1&a=", Map.of("a", "")),
                Arguments.of("/?&&a=1&&", Map.of("a", "1")),
                Arguments.of("/?a=b=c", Map.of("a", "b=c")),
                Arguments.of("/?a?=1?", Map.of("a?", "1?")),
                Arguments.of("/?a=1;b=2", Map.of("a", "1;b=2")),
                Arguments.of("/?a=1#b=2", Map.of("a", "1")),
                Arguments.of("/?a+b=c+d", Map.of("a b", "c d")),
                Arguments.of("/?tr%61nsport=pol%6cing", Map.of("transport", "polling")),
                Arguments.of("/?a=%C3%A9%e2%82%ac", Map.of("a", "é€")),
                Arguments.of("/?a=%&b=%4&c=%zz&d=%%41", Map.of("a", "%", "b", "%4", "c", "%zz", "d", "%A")),
                Arguments.of("/?a=%ff%fex", Map.of("a", "\ufffd\ufffdx")),
                Arguments.of("/?a=%00", Map.of("a", "\0")),
                Arguments.of("/?__proto__=x", Map.of("__proto__", "x")));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queryIsParsedAsTheReferenceParsesIt(String uri, Map<String, String> parameters) {
        assertThat(QueryString.parse(uri)).isEqualTo(parameters);
    }

    @Test
    void namesKeepTheOrderOfTheirFirstAppearance() {
        assertThat(QueryString.parse("/?c=1&a=2&c=3&b=4").keySet()).containsExactly("c", "a", "b");
    }

    @Property
    void nothingIsAnError(@ForAll @CharRange(from = '!', to = '\u00ff') String query) {
        assertThat(QueryString.parse("/?" + query)).doesNotContainKey(null);
    }
}

package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

class JsonScannerTest {
    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    private final JsonScanner scanner = new JsonScanner(70);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,-2.5e+10,true,false,null,\"x\\n\\u00e9\"],\"b\":{},\"c\":[ ]}",
                "\"a string of more than eight bytes, \\\"quoted\\\"\"",
                "[[[{\"k\":[{}]}]]]",
                "-0.125E-7",
                "false"
            })
    void valueThatIsCutAnywhereIsInvalid(String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        assertThat(scanner.value(utf8, 0, utf8.length)).isEqualTo(utf8.length);
        boolean number = json.startsWith("-");
        for (int end = 0; end < utf8.length; end++) {
            if (!number) {
                assertThat(scanner.value(utf8, 0, end))
                        .as(json.substring(0, end))
                        .isNegative();
            }
        }
    }

    @Test
    void nothingBehindTheEndIsLookedAt() {
        byte[] json = "123456".getBytes(UTF_8);
        assertThat(scanner.value(json, 1, 4)).isEqualTo(4);
        json = "[1],2]".getBytes(UTF_8);
        assertThat(scanner.value(json, 0, 6)).isEqualTo(3);
        json = "\"a\"\"".getBytes(UTF_8);
        assertThat(scanner.value(json, 0, 4)).isEqualTo(3);
    }

    @Test
    void depthIsLimitedAndRemembersWhatIsOpen() {
        for (int depth = 1; depth <= 71; depth++) {
            StringBuilder json = new StringBuilder("1");
            for (int level = 0; level < depth; level++) {
                boolean object = (level * 7 & 3) == 1;
                json.insert(0, object ? "{\"k\":" : "[0,").append(object ? ",\"l\":2}" : ",3]");
            }
            byte[] utf8 = json.toString().getBytes(UTF_8);
            assertThat(scanner.value(utf8, 0, utf8.length)).isEqualTo(depth <= 70 ? utf8.length : JsonScanner.INVALID);
            int last = utf8.length - 1;
            utf8[last] = (byte) (utf8[last] == '}' ? ']' : '}');
            assertThat(scanner.value(utf8, 0, utf8.length)).isEqualTo(JsonScanner.INVALID);
        }
    }

    @Test
    void endOfAStringIsFoundAtEveryPositionOfAWord() {
        for (int length = 0; length < 40; length++) {
            for (char special : new char[] {'"', '\\', '\n', '\u0000', '\u001f'}) {
                byte[] utf8 = ("x".repeat(length) + special + "yyyyyyyyyy").getBytes(UTF_8);
                assertThat(JsonScanner.plainEnd(utf8, 0, utf8.length)).isEqualTo(length);
                assertThat(JsonScanner.plainEnd(utf8, 0, length)).isEqualTo(length);
            }
            // Neighbours of the special ones, and bytes with the high bit set, mean nothing.
            byte[] plain = " !#[]\u007f\u0080\u00ffé€😀".repeat(length).getBytes(UTF_8);
            assertThat(JsonScanner.plainEnd(plain, 0, plain.length)).isEqualTo(plain.length);
        }
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        Arbitrary<String> token = Arbitraries.of(
                "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "\\", "\\n", "\\u00e9", "0", "1", "-", ".", "e",
                "E+", "true", "false", "null", " ", "\n", "\u000b", "é", "\u0001");
        return Arbitraries.oneOf(
                token.list().ofMaxSize(12).map(tokens -> String.join("", tokens)),
                Combinators.combine(
                                json(),
                                token,
                                Arbitraries.doubles().between(0, 1),
                                Arbitraries.integers().between(0, 2))
                        .as(JsonScannerTest::mutate));
    }

    private static Arbitrary<String> json() {
        Arbitrary<String> leaf = Arbitraries.of(
                "0",
                "-1",
                "1.5",
                "2e9",
                "-0.5E-3",
                "true",
                "false",
                "null",
                "\"\"",
                "\"abc\"",
                "\"12345678\"",
                "\"1234567\\\"\"",
                "\"é€\"");
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]"),
                        inner.list()
                                .ofMaxSize(3)
                                .map(list -> " { "
                                        + String.join(
                                                " , ",
                                                list.stream()
                                                        .map(value -> "\"k\" : " + value)
                                                        .toList()) + "}")),
                0,
                3);
    }

    private static String mutate(String json, String token, double place, int kind) {
        int at = (int) (place * json.length());
        return switch (kind) {
            case 0 -> json;
            case 1 -> json.substring(0, at) + token + json.substring(at);
            default -> json.substring(0, at) + json.substring(Math.min(json.length(), at + 1));
        };
    }

    @Property(tries = 20_000)
    void verdictIsJacksons(@ForAll("nearlyJson") String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        int end = scanner.value(utf8, 0, utf8.length);
        boolean valid = end >= 0 && JsonScanner.skipWhiteSpace(utf8, end, utf8.length) == utf8.length;
        assertThat(valid).as(json).isEqualTo(jacksonTakes(utf8));
    }

    private static boolean jacksonTakes(byte[] utf8) {
        try (JsonParser parser = JACKSON.createParser(utf8)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    @Property(tries = 5000)
    void arbitraryBytesDoNoHarm(@ForAll byte[] bytes) {
        assertThat(scanner.value(bytes, 0, bytes.length)).isLessThanOrEqualTo(bytes.length);
    }
}

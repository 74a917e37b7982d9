package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`chat message`, `\"chat message\"`",
                "`a\nb\r\t`, `\"a\\u000ab\\u000d\\u0009\"`",
                "`\"\\`, `\"\\u0022\\u005c\"`",
                "`é€😀`, `\"\\u00e9\\u20ac\\ud83d\\ude00\"`",
                "``, `\"\"`"
            })
    void everythingButPrintableAsciiIsEscaped(String text, String quoted) {
        assertThat(LogText.quote(text)).isEqualTo(quoted);
    }

    @org.junit.jupiter.api.Test
    void longTextIsCut() {
        assertThat(LogText.quote("x".repeat(64))).isEqualTo("\"" + "x".repeat(64) + "\"");
        assertThat(LogText.quote("x".repeat(65))).isEqualTo("\"" + "x".repeat(64) + "…\"");
    }

    @Property
    void noTextForgesALine(@ForAll String text) {
        String quoted = LogText.quote(text);
        assertThat(quoted).hasSizeLessThanOrEqualTo(64 * 6 + 3);
        assertThat(quoted.substring(1, quoted.length() - 1).replace("…", ""))
                .matches("[ -~]*")
                .doesNotContain("\"");
    }
}

package io.sockeye.protocol.socketio;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.io.NumberOutput;

/**
 * Numbers as JavaScript reads them from text and writes them to text (ECMA-262: StringToNumber, Number::toString). The
 * reference parses packet headers with {@code Number()}, so what that takes is part of the wire format.
 *
 * <p>Thread-safe: without state.
 */
final class JsNumber {
    /** The largest integer up to which every integer is a double: 2<sup>53</sup>. */
    static final long MAX_EXACT_INTEGER = 1L << 53;

    /** Possessive throughout: with backtracking a long run of digits that is no number would take time squared. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?+(?:Infinity|(?:\\d++\\.?+\\d*+|\\.\\d++)(?:[eE][+-]?+\\d++)?+)");

    private JsNumber() {}

    /** What {@code Number(text)} is. */
    static double parse(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isWhiteSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isWhiteSpace(text.charAt(end - 1))) {
            end--;
        }
        if (start == end) {
            return 0;
        }
        String number = text.substring(start, end);
        int radix = radixOf(number);
        if (radix != 10) {
            return parseRadix(number.substring(2), radix);
        }
        return DECIMAL.matcher(number).matches() ? Double.parseDouble(number) : Double.NaN;
    }

    /** The number that stands between two positions of validated JSON; infinite when it is too large for a double. */
    static double json(byte[] array, int start, int end) {
        return Double.parseDouble(new String(array, start, end - start, StandardCharsets.US_ASCII));
    }

    private static int radixOf(String number) {
        if (number.length() < 2 || number.charAt(0) != '0') {
            return 10;
        }
        return switch (number.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static double parseRadix(String digits, int radix) {
        if (digits.isEmpty()) {
            return Double.NaN;
        }
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c >= 0x80 || Character.digit(c, radix) < 0) {
                return Double.NaN;
            }
        }
        // 1024 bits are the end of the doubles; leading zeros beyond that are not worth more than a wrong verdict.
        return digits.length() > 1024 ? Double.POSITIVE_INFINITY : new BigInteger(digits, radix).doubleValue();
    }

    /** The length in bytes of the one white space or line terminator character that starts at {@code p}; 0 for others. */
    static int whiteSpaceLength(byte[] array, int p, int end) {
        int c = array[p];
        if (c >= 0) {
            return isWhiteSpace((char) c) ? 1 : 0;
        }
        if ((c & 0xe0) == 0xc0 && p + 1 < end) {
            return isWhiteSpace((char) ((c & 0x1f) << 6 | (array[p + 1] & 0x3f))) ? 2 : 0;
        }
        if ((c & 0xf0) == 0xe0 && p + 2 < end) {
            char decoded = (char) ((c & 0x0f) << 12 | (array[p + 1] & 0x3f) << 6 | (array[p + 2] & 0x3f));
            return isWhiteSpace(decoded) ? 3 : 0;
        }
        return 0;
    }

    private static boolean isWhiteSpace(char c) {
        return switch (c) {
            case '\t', '\n', 0x0b, '\f', '\r', ' ', 0xa0, 0xfeff, 0x2028, 0x2029 -> true;
            default -> Character.getType(c) == Character.SPACE_SEPARATOR;
        };
    }

    /** What {@code String(value)} is; two digits instead of one for the very smallest numbers, {@code 4.9e-324}. */
    static String text(double value) {
        if (value == 0) {
            return "0";
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        return format(NumberOutput.toString(value, /* useFastWriter= */ true));
    }

    /** What {@code String(value)} would be if JavaScript had floats: the shortest text that reads as this float. */
    static String text(float value) {
        if (value == 0) {
            return "0";
        }
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            return Float.toString(value);
        }
        return format(NumberOutput.toString(value, /* useFastWriter= */ true));
    }

    /** From Java's layout, {@code 1.25E-7}, to JavaScript's, {@code 1.25e-7}; the digits stay the same. */
    private static String format(String java) {
        int exponentMark = java.indexOf('E');
        int exponent = exponentMark < 0 ? 0 : Integer.parseInt(java.substring(exponentMark + 1));
        String mantissa = exponentMark < 0 ? java : java.substring(0, exponentMark);
        boolean negative = mantissa.charAt(0) == '-';
        int point = mantissa.indexOf('.');
        String whole = mantissa.substring(negative ? 1 : 0, point);
        String digits = whole + mantissa.substring(point + 1);
        int first = 0;
        while (digits.charAt(first) == '0') {
            first++;
        }
        int last = digits.length();
        while (digits.charAt(last - 1) == '0') {
            last--;
        }
        // The value is 0.<digits> times ten to the power of n.
        int n = whole.length() + exponent - first;
        return (negative ? "-" : "") + layOut(digits.substring(first, last), n);
    }

    /** ECMA-262, Number::toString, steps 6 to 10. */
    private static String layOut(String digits, int n) {
        int k = digits.length();
        if (k <= n && n <= 21) {
            return digits + "0".repeat(n - k);
        }
        if (0 < n && n <= 21) {
            return digits.substring(0, n) + '.' + digits.substring(n);
        }
        if (-6 < n && n <= 0) {
            return "0." + "0".repeat(-n) + digits;
        }
        String exponent = (n > 0 ? "e+" : "e-") + Math.abs(n - 1);
        return k == 1 ? digits + exponent : digits.charAt(0) + "." + digits.substring(1) + exponent;
    }
}

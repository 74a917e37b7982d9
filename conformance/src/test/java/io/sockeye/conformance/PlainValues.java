package io.sockeye.conformance;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What the Java clients send, and what they receive as values that can be compared: maps, lists, and {@link ByteBuffer}s for binary data. Public for
 * {@link OldJavaClientProgram}.
 */
public final class PlainValues {
    private PlainValues() {}

    /** Each of them. */
    public static List<Object> of(List<?> values) {
        List<Object> plain = new ArrayList<>();
        values.forEach(value -> plain.add(of(value)));
        return plain;
    }

    /** The numbers from 0, so many. */
    static List<Object> numbers(int count) {
        return IntStream.range(0, count).<Object>mapToObj(i -> i).toList();
    }

    /** What the fixture wants to know of a broadcast, as the clients send it. */
    static JSONObject target(String from, String... rooms) {
        try {
            return new JSONObject().put("from", from).put("to", new JSONArray(Arrays.asList(rooms)));
        } catch (JSONException e) {
            throw new AssertionError(e);
        }
    }

    private static Object of(Object value) {
        try {
            if (value instanceof byte[] bytes) {
                return ByteBuffer.wrap(bytes);
            }
            if (value instanceof JSONArray array) {
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < array.length(); i++) {
                    list.add(of(array.get(i)));
                }
                return list;
            }
            if (value instanceof JSONObject object) {
                Map<String, Object> map = new LinkedHashMap<>();
                for (Iterator<?> keys = object.keys(); keys.hasNext(); ) {
                    String key = (String) keys.next();
                    map.put(key, of(object.get(key)));
                }
                return map;
            }
            return value == null ? JSONObject.NULL : value;
        } catch (JSONException e) {
            throw new AssertionError(e);
        }
    }
}

package io.sockeye;

import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the application attaches to a socket: values by name, read with a type.
 *
 * <pre>{@code
 * socket.data().put("user", user);
 * User user = socket.data().get("user", User.class);
 * }</pre>
 *
 * <p>On its own node a value is the very object that was put. Where it has travelled, in a view of a socket on another
 * node, it is what Jackson makes of its JSON, bound to the type that is asked for. So values should be such that Jackson can
 * write and read them: records, strings, numbers, collections. A value that is shared is not copied; immutable ones are best.
 *
 * <p>Written as JSON it is one object with a property for each value.
 *
 * <p>Thread-safe.
 */
public final class SocketData {
    private final Map<String, Object> values = new ConcurrentHashMap<>(4);
    private final JsonMapper mapper;
    /** Learns of changes; null when nobody wants to. */
    private volatile @Nullable Runnable listener;

    SocketData(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Attaches a value, in place of what had that name before.
     *
     * @param value anything; null removes the name
     * @return this
     */
    public SocketData put(String name, @Nullable Object value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(Objects.requireNonNull(name, "name"), value);
        }
        changed();
        return this;
    }

    /** Attaches every entry of the map, and leaves other names alone. */
    public SocketData putAll(Map<String, ? extends @Nullable Object> more) {
        more.forEach(this::put);
        return this;
    }

    /** Attaches a value unless the name has one; answers whether it did. */
    public boolean putIfAbsent(String name, Object value) {
        boolean put = values.putIfAbsent(name, value) == null;
        if (put) {
            changed();
        }
        return put;
    }

    /**
     * The value of that name, as that type: the value itself when it is one, else what Jackson converts it to.
     *
     * @return null when there is none
     * @throws IllegalArgumentException when it cannot be converted
     */
    @SuppressWarnings("unchecked") // a value of the type, or what the mapper was asked for
    public <T> @Nullable T get(String name, Class<T> type) {
        Object value = values.get(name);
        return type.isInstance(value) ? (T) value : (T) converted(name, value, type);
    }

    /** The value of that name, as a generic type. Always a conversion; otherwise like {@link #get(String, Class)}. */
    @SuppressWarnings("unchecked") // what the mapper was asked for
    public <T> @Nullable T get(String name, TypeReference<T> type) {
        return (T) converted(name, values.get(name), type.getType());
    }

    /** Whether the name has a value. */
    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /** Takes a value away; answers whether there was one. */
    public boolean remove(String name) {
        boolean removed = values.remove(name) != null;
        if (removed) {
            changed();
        }
        return removed;
    }

    /** The names that have values. A snapshot. */
    public Set<String> names() {
        return Set.copyOf(values.keySet());
    }

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The values by name. A snapshot, unmodifiable. */
    @JsonValue
    public Map<String, Object> asMap() {
        return Map.copyOf(values);
    }

    /** Has someone told, from now on, when a value was put or taken away. */
    void onChange(Runnable listener) {
        this.listener = listener;
    }

    private void changed() {
        Runnable present = listener;
        if (present != null) {
            present.run();
        }
    }

    /** The values as one JSON object, to be sent elsewhere. */
    JsonNode toJson() {
        return mapper.valueToTree(asMap());
    }

    /** Puts what {@link #toJson} has written; nothing unless it is an object. */
    SocketData putJson(JsonNode json) {
        json.properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                put(entry.getKey(), entry.getValue());
            }
        });
        return this;
    }

    @Override
    public String toString() {
        return "SocketData " + names();
    }

    private @Nullable Object converted(String name, @Nullable Object value, Type type) {
        if (value == null) {
            return null;
        }
        try {
            return mapper.convertValue(value, mapper.constructType(type));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "data " + LogText.quote(name) + ": a " + value.getClass().getTypeName() + " (expected: "
                            + type.getTypeName() + ")",
                    e);
        }
    }
}

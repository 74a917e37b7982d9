package io.sockeye;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.NoProviderFoundException;
import jakarta.validation.Validation;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks arguments with Jakarta Bean Validation: each argument, and each element of an argument that is a collection, a map or
 * an array. The library is optional; {@link InstalledValidation} knows whether it is there.
 *
 * <p>Thread-safe.
 */
public final class BeanValidation implements ArgumentValidator {
    private static final Logger log = LoggerFactory.getLogger(BeanValidation.class);

    private final Validator validator;
    /** Whether values of a class are to be looked at: most arguments are text and numbers. */
    private final ClassValue<Boolean> constrained = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return !type.getName().startsWith("java.")
                    && !type.getName().startsWith("tools.jackson.")
                    && validator.getConstraintsForClass(type).isBeanConstrained();
        }
    };

    private BeanValidation(Validator validator) {
        this.validator = validator;
    }

    /** Checks with that validator. */
    @SuppressWarnings("exports") // whoever has a Validator has its module; nobody else needs it
    public static BeanValidation of(Validator validator) {
        return new BeanValidation(validator);
    }

    /** Names each violated property with its message, in order of their names: {@code count: must be greater than 0}. */
    @Override
    public @Nullable String violation(Object value) {
        if (value instanceof Iterable<?> elements) {
            return firstOf(elements);
        }
        if (value instanceof Map<?, ?> map) {
            return firstOf(map.values());
        }
        if (value instanceof Object[] elements) {
            return firstOf(java.util.Arrays.asList(elements));
        }
        if (!constrained.get(value.getClass())) {
            return null;
        }
        Set<ConstraintViolation<Object>> violations = validator.validate(value);
        if (violations.isEmpty()) {
            return null;
        }
        return violations.stream()
                .map(violation -> violation.getPropertyPath() + ": " + violation.getMessage())
                .sorted(Comparator.naturalOrder())
                .collect(Collectors.joining(", "));
    }

    private @Nullable String firstOf(Iterable<?> elements) {
        int index = 0;
        for (Object element : elements) {
            String violation = element == null ? null : violation(element);
            if (violation != null) {
                return "[" + index + "]: " + violation;
            }
            index++;
        }
        return null;
    }

    /** Of the default provider; null when there is none, or none that works. */
    static @Nullable ArgumentValidator ofDefaultProvider() {
        try {
            return new BeanValidation(Validation.buildDefaultValidatorFactory().getValidator());
        } catch (NoProviderFoundException e) {
            return null;
        } catch (ValidationException e) {
            log.warn("the Bean Validation provider does not work; constraints on arguments are not checked", e);
            return null;
        }
    }
}

package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.core.type.TypeReference;

/** Arguments that Bean Validation looks at. */
final class BeanValidationTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    record Order(@NotBlank String item, @Positive int count) {}

    private final Locale before = Locale.getDefault();

    @BeforeEach
    void speakEnglish() {
        Locale.setDefault(Locale.ENGLISH);
    }

    @AfterEach
    void speakAsBefore() {
        Locale.setDefault(before);
    }

    @Test
    void handlerRunsWithValidArgumentsOnly() {
        io.settings().validator(InstalledValidation.VALIDATOR);
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.on("order", Order.class, order -> io.tell(order.toString()));
        socket.onWithAck("orders", new TypeReference<List<Order>>() {}, List::size);
        client.send("420[\"order\",{\"item\":\"a\",\"count\":1}]").expect();
        io.expectTold("Order[item=a, count=1]");
        client.send("421[\"order\",{\"item\":\" \",\"count\":0}]")
                .expect("431[{\"error\":\"invalid arguments\",\"message\":\"argument 0: "
                        + "count: must be greater than 0, item: must not be blank\"}]");
        client.send("422[\"orders\",[{\"item\":\"a\",\"count\":1},{\"item\":\"b\",\"count\":-1}]]")
                .expect("432[{\"error\":\"invalid arguments\",\"message\":\"argument 0: "
                        + "[1]: count: must be greater than 0\"}]");
        io.expectTold(
                "error of order: argument 0: count: must be greater than 0, item: must not be blank",
                "error of orders: argument 0: [1]: count: must be greater than 0");
        client.send("423[\"orders\",[{\"item\":\"a\",\"count\":1}]]").expect("433[1]");
    }

    @Test
    void elementsOfMapsAndArraysAreLookedAtAndOthersAreFine() {
        ArgumentValidator validation = InstalledValidation.VALIDATOR;
        assertThat(validation.violation(Map.of("k", new Order("a", 0))))
                .isEqualTo("[0]: count: must be greater than 0");
        assertThat(validation.violation(new Order[] {null, new Order("a", 0)}))
                .isEqualTo("[1]: count: must be greater than 0");
        assertThat(validation.violation("text")).isNull();
        assertThat(validation.violation(7)).isNull();
        assertThat(validation.violation(new byte[] {1})).isNull();
        assertThat(validation.violation(List.of(List.of(new Order("a", 1))))).isNull();
        assertThat(validation.violation(new Object())).isNull();
    }

    @Test
    void validatorOfTheApplicationsIsTaken() {
        try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
            BeanValidation validation = BeanValidation.of(factory.getValidator());
            assertThat(validation.violation(new Order("", 1))).isEqualTo("item: must not be blank");
        }
    }

    @Test
    void serverWithoutAValidatorTakesWhatCanBeBound() {
        TestClient client = io.connect();
        client.join().onWithAck("order", Order.class, Order::count);
        client.send("420[\"order\",{\"item\":\"\",\"count\":-1}]").expect("430[-1]");
    }
}

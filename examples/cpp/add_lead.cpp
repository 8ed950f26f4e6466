// Adds the contact of the service's own example to a group, and says what became of it.
#include <justclick.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>

// A setting comes from the environment; where it is not there, its default stays.
static std::optional<std::string_view> environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? std::optional<std::string_view>(value) : std::nullopt;
}

int main(int argc, char **argv)
{
    const auto username = environment("JUSTCLICK_USERNAME");
    const auto secret = environment("JUSTCLICK_SECRET");
    if (!username || !secret) {
        std::cerr << "Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.\n";
        return 2;
    }
    try {
        justclick::Client client(*username, *secret);
        client.set(JC_SETTING_BASE_URL, environment("JUSTCLICK_BASE_URL"))
            .set(JC_SETTING_CA_FILE, environment("JUSTCLICK_CA_FILE"));

        justclick::Lead lead;
        lead.group(argc > 1 ? argv[1] : "super")
            .name("Name")
            .email("lead@email.com")
            .phone("+788888888")
            .city("City")
            .tag("this is tag")
            .doneurl2("http://yandex.ru/")
            .activation(true)
            .utm_medium("cpc")
            .utm_source("direct")
            .utm_campaign("My_Campaign")
            .utm_content("content_123")
            .utm_term("my_label");

        const justclick::Result result = client.add_lead(lead);
        std::cout << name(result.outcome()) << " (code " << result.code() << ": "
                  << result.text() << ")\n";
        return 0;
    } catch (const justclick::Error &error) {
        std::cerr << error.status_name() << ": " << error.what() << '\n';
        if (error.disposition() != justclick::Disposition::Refused)
            std::cerr << "Keep this lead and send it again later.\n";
        return 1;
    }
}

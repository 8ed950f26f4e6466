// The program of tests/c/cases.c, through the C++ interface.
#include <justclick.hpp>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

using Pairs = std::vector<std::pair<std::string, std::string>>;

static bool read_text(std::string &text)
{
    std::size_t length = 0;
    if (!(std::cin >> length) || std::cin.get() != ':')
        return false;
    text.resize(length);
    return static_cast<bool>(std::cin.read(text.data(), static_cast<std::streamsize>(length)));
}

static std::string must_read()
{
    std::string text;
    if (!read_text(text))
        throw std::runtime_error("the input ends early");
    return text;
}

static Pairs read_pairs()
{
    Pairs pairs;
    for (long left = std::stol(must_read()); left > 0; left--) {
        std::string name = must_read();
        pairs.emplace_back(std::move(name), must_read());
    }
    return pairs;
}

static void say(std::string_view words) { std::cout << words.size() << ':' << words; }

static void tell(const justclick::Result &result, std::string_view body)
{
    say("JC_OK");
    say(std::to_string(static_cast<int>(result.outcome())));
    say(std::to_string(static_cast<int>(result.disposition())));
    say(std::to_string(result.code()));
    say(std::to_string(result.attempts()));
    say("1");
    say(result.text());
    say(result.message());
    say(body);
}

static void tell(const justclick::Error &error)
{
    const bool is_rejected = dynamic_cast<const justclick::Rejected *>(&error) != nullptr;
    say(error.status_name());
    say(std::to_string(is_rejected ? JC_OUTCOME_REJECTED : JC_OUTCOME_NONE));
    say(std::to_string(static_cast<int>(error.disposition())));
    say(std::to_string(error.code()));
    say(std::to_string(error.attempts()));
    say(error.may_have_arrived() ? "1" : "0");
    say(error.text());
    say(error.what());
    say("");
}

struct Case {
    std::string username = must_read(), secret = must_read();
    Pairs settings = read_pairs(), fields = read_pairs();

    justclick::Client client() const
    {
        justclick::Client client(username, secret);
        for (const auto &[name, value] : settings)
            client.set(name.c_str(), value);
        return client;
    }

    justclick::Lead lead() const
    {
        justclick::Lead lead;
        for (const auto &[name, value] : fields)
            lead.set(name.c_str(), value);
        return lead;
    }
};

static void lead()
{
    const Case read;
    try {
        const justclick::Client client = read.client();
        const justclick::Lead lead = read.lead();
        const std::string body(client.sign(lead).body());
        tell(client.add_lead(lead), body);
    } catch (const justclick::Error &error) {
        tell(error);
    }
}

// The lead is kept and then delivered, rather than sent.
static void kept()
{
    const Case read;
    try {
        const justclick::Client client = read.client();
        const justclick::Outbox outbox(":memory:");
        outbox.add(client, read.lead());
        outbox.deliver(client);
        say("JC_OK");
        say(outbox.status().json());
    } catch (const justclick::Error &error) {
        say(error.status_name());
        say("");
    }
}

static void answer()
{
    const std::string body = must_read();
    const justclick::Client client("username", "secret");
    try {
        const justclick::Result result = client.verify(body);
        tell(result, result.json());
    } catch (const justclick::Error &error) {
        tell(error);
    }
}

int main()
{
    for (std::string kind; read_text(kind);) {
        if (kind == "lead")
            lead();
        else if (kind == "kept")
            kept();
        else
            answer();
    }
}

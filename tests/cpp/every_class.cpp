// Uses every class of justclick.hpp as it should be used and as it should not. Needs the sandbox's
// address as its argument.
#include <justclick.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#define CHECK(condition)                                                                     \
    do {                                                                                     \
        if (!(condition)) {                                                                  \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " << #condition << '\n';          \
            std::exit(1);                                                                    \
        }                                                                                    \
    } while (0)

using namespace justclick;

template <typename Class>
constexpr bool is_move_only = !std::is_copy_constructible_v<Class> &&
                              !std::is_copy_assignable_v<Class> &&
                              std::is_nothrow_move_constructible_v<Class> &&
                              std::is_nothrow_move_assignable_v<Class>;
static_assert(is_move_only<Client> && is_move_only<Lead> && is_move_only<Request> &&
              is_move_only<Result>);
static_assert(std::is_nothrow_copy_constructible_v<Rejected> &&
              std::is_nothrow_copy_assignable_v<Rejected> &&
              std::is_nothrow_move_constructible_v<Rejected>);

// What a temporary returns owns itself, and its handle cannot be had.
template <typename Class> using Got = decltype(std::declval<Class>().get());
template <typename Class, typename = void> constexpr bool gives_its_handle = false;
template <typename Class>
constexpr bool gives_its_handle<Class, std::void_t<Got<Class>>> = true;
static_assert(gives_its_handle<const Lead &> && gives_its_handle<const Client &> &&
              !gives_its_handle<Lead> && !gives_its_handle<const Client>);
template <typename Returned> constexpr bool owns_itself = std::is_same_v<Returned, std::string>;
static_assert(owns_itself<decltype(std::declval<Result>().message())> &&
              owns_itself<decltype(std::declval<const Result>().message())> &&
              owns_itself<decltype(std::declval<Result>().text())> &&
              owns_itself<decltype(std::declval<Result>().json())> &&
              owns_itself<decltype(std::declval<Request>().url())> &&
              owns_itself<decltype(std::declval<Request>().body())> &&
              owns_itself<decltype(std::declval<Rejected>().text())>);
static_assert(std::is_same_v<decltype(Lead().group("").set("", "").name("")), Lead> &&
              std::is_same_v<decltype(Client("", "").set("", "")), Client>);
// A character is no number.
static_assert(std::is_convertible_v<int, Value> && !std::is_convertible_v<char, Value> &&
              !std::is_convertible_v<char16_t, Value> && !std::is_convertible_v<double, Value>);

static const std::string SECRET(40, 'X');
static std::string base_url;

// Runs what must throw this class, and returns the exception.
template <typename Exception, typename Call> static Exception thrown(Call call)
{
    try {
        call();
    } catch (const Exception &error) {
        return error;
    }
    const bool has_thrown = false;
    CHECK(has_thrown);
    std::abort();
}

static Client new_client()
{
    Client client("username", SECRET);
    client.set(JC_SETTING_BASE_URL, base_url);
    return client;
}

static void strings_go_as_they_are()
{
    const Client client = new_client();
    Lead lead;
    // The view ends before its string does, and an empty one has no pointer.
    lead.group(std::string_view("superfluous", 5)).email("a@b.ru").name(std::string_view());
    CHECK(client.sign(lead).body().find("rid%5B0%5D=super&lead_name=&lead_email=") == 0);
    lead.set(JC_LEAD_NAME, std::nullopt).set_extra("new", "1");
    CHECK(client.sign(lead).body().find("rid%5B0%5D=super&lead_email=a%40b.ru&new=1&") == 0);
    lead.set_extra("new", std::nullopt);
    CHECK(client.sign(lead).body().find("new") == std::string_view::npos);
    CHECK(client.sign(lead).url() == base_url + "/api/AddLeadToGroup");

    const std::string with_nul("a\0b", 3);
    const auto error = thrown<InvalidArgument>([&] { lead.name(with_nul); });
    CHECK(std::string(error.what()).find("lead_name") == 0);
    CHECK(error.status() == JC_INVALID_ARGUMENT && error.code() == -1 && error.attempts() == 0);
    CHECK(error.text().empty() && !error.may_have_arrived() && error.to_json().empty());
    CHECK(error.disposition() == Disposition::Refused);
    CHECK(thrown<InvalidArgument>([&] { lead.set("lead_nmae", "x"); }).status() == JC_UNKNOWN_NAME);
}

static void what_comes_out_of_a_temporary_stays()
{
    const Client client = new_client();
    const auto lead = Lead().group("super").email("temporary@b.ru").set("tag", "x").name("y");
    const auto body = client.sign(lead).body();
    const auto message = client.add_lead(lead).message();
    // What was freed is written over.
    const Request other = client.sign(Lead().group("other").email("other@b.ru"));
    CHECK(body.find("rid%5B0%5D=super&lead_name=y&lead_email=temporary%40b.ru&tag=x&hash=") == 0);
    CHECK(message.find("added") != std::string::npos);
    const auto text = thrown<Rejected>([&] {
                          static_cast<void>(client.add_lead(Lead().group("none").email("a@b.ru")));
                      }).text();
    CHECK(text.find("nvalid") != std::string::npos);
}

static void what_is_null_is_refused()
{
    const char *const missing = std::getenv("JUSTCLICK_NO_SUCH_VARIABLE");
    CHECK(missing == nullptr);
    thrown<InvalidArgument>([&] { Client(missing, SECRET); });
    thrown<InvalidArgument>([&] { Client("username", missing); });
    Client client = new_client();
    Lead lead;
    thrown<InvalidArgument>([&] { client.set(missing, "x"); });
    thrown<InvalidArgument>([&] { client.set(JC_SETTING_BASE_URL, missing); });
    thrown<InvalidArgument>([&] { client.set(JC_SETTING_BASE_URL, nullptr); });
    thrown<InvalidArgument>([&] { static_cast<void>(client.verify(missing)); });
    thrown<InvalidArgument>([&] { lead.group(missing); });
    thrown<InvalidArgument>([&] { lead.set(missing, "x"); });
    thrown<InvalidArgument>([&] { lead.set_extra(missing, "x"); });
    thrown<InvalidArgument>([&] { lead.set_extra("new", missing); });
    const auto error = thrown<InvalidArgument>([&] { lead.name(missing); });
    CHECK(std::string(error.what()).find("is NULL") != std::string::npos);
    lead.group("super").email("a@b.ru");
    CHECK(client.sign(lead).body().find("rid%5B0%5D=super&lead_email=a%40b.ru&hash=") == 0);
}

// The value that a lead's field gets, as its body shows it.
template <typename Type> static std::string sent(const Type &value)
{
    static const Client client = new_client();
    Lead lead;
    lead.group("super").email("a@b.ru").set("tag", value);
    const std::string body(client.sign(lead).body());
    const std::string start = "lead_email=a%40b.ru&";
    const auto begin = body.find(start) + start.size();
    return body.substr(begin, body.rfind("hash=") - begin);
}

struct Named {
    operator std::string_view() const { return "named"; }
};

static void values_are_of_many_types()
{
    CHECK(sent("text") == "tag=text&" && sent(std::string("text")) == "tag=text&");
    CHECK(sent(std::string_view("texts", 4)) == "tag=text&" && sent(Named()) == "tag=named&");
    CHECK(sent(true) == "tag=1&" && sent(false) == "tag=0&");
    CHECK(sent(0) == "tag=0&" && sent(-7) == "tag=-7&" && sent(std::uint8_t{200}) == "tag=200&");
    CHECK(sent(INT64_MIN) == "tag=-9223372036854775808&");
    CHECK(sent(UINT64_MAX) == "tag=18446744073709551615&");
    CHECK(sent("") == "tag=&" && sent(std::nullopt).empty());
    CHECK(sent(std::optional<std::string>("text")) == "tag=text&");
    CHECK(sent(std::optional<std::string>()).empty());
    CHECK(sent(std::optional<const char *>("text")) == "tag=text&");

    Client client = new_client();
    client.set(JC_SETTING_TIMEOUT_MS, 2000).set(JC_SETTING_ALLOW_HTTP, true);
    client.set(JC_SETTING_ATTEMPT_TIMEOUT_MS, std::chrono::seconds(2));
    const auto error = thrown<InvalidArgument>([&] { client.set(JC_SETTING_TIMEOUT_MS, 0); });
    CHECK(std::string(error.what()).find(JC_SETTING_TIMEOUT_MS) != std::string::npos);
    thrown<InvalidArgument>([&] { client.set(JC_SETTING_MAX_ATTEMPTS, 11U); });
}

static void every_field_has_its_setter()
{
    const Client client = new_client();
    Lead typed, named;
#define FIELD(setter, name)                                                                  \
    typed.setter("1");                                                                       \
    named.set(name, "1");                                                                    \
    CHECK(client.sign(typed).body() == client.sign(named).body());
    typed.group("super").email("a@b.ru").activation(true);
    named.set("rid[0]", "super").set(JC_LEAD_EMAIL, "a@b.ru").set(JC_LEAD_ACTIVATION, "1");
#include "fields.inc"
}

static void what_was_moved_from_says_so()
{
    Client client = new_client();
    Lead lead;
    lead.group("super").email("moved@b.ru");
    Client other = std::move(client);
    Lead other_lead = std::move(lead);
    thrown<InvalidArgument>([&] { static_cast<void>(client.add_lead(other_lead)); });
    thrown<InvalidArgument>([&] { static_cast<void>(other.add_lead(lead)); });
    thrown<InvalidArgument>([&] { lead.name("x"); });
    client = std::move(other);
    lead = std::move(other_lead);
    Result result = client.add_lead(lead);
    CHECK(result.outcome() == Outcome::Added && result.code() == 0 && result.attempts() == 1);
    CHECK(result.text() == "OK" && result.json().empty() && !result.message().empty());
    result = client.add_lead(lead);
    CHECK(result.outcome() == Outcome::AlreadyRegistered);
}

static void an_exception_outlives_its_client()
{
    const Rejected error = thrown<Rejected>([] {
        Lead lead;
        lead.group("nowhere").email("a@b.ru");
        static_cast<void>(new_client().add_lead(lead));
    });
    const Error copy = error;
    CHECK(copy.status() == JC_REJECTED && copy.code() == JC_CODE_INVALID_GROUP);
    CHECK(std::string(copy.status_name()) == "JC_REJECTED" && copy.attempts() == 1);
    CHECK(copy.disposition() == Disposition::Refused);
    CHECK(copy.text().find("nvalid") != std::string_view::npos);
    CHECK(std::string(copy.what()).find("group") != std::string::npos);
}

static void a_failure_on_the_way_says_what_is_known()
{
    const auto error = thrown<Unreachable>([] {
        Client client = new_client();
        client.set(JC_SETTING_BASE_URL, "http://127.0.0.1:1")
            .set(JC_SETTING_MAX_ATTEMPTS, "2")
            .set(JC_SETTING_TIMEOUT_MS, std::chrono::seconds(5));
        Lead lead;
        lead.group("super").email("a@b.ru");
        static_cast<void>(client.add_lead(lead));
    });
    CHECK(error.disposition() == Disposition::Later && error.attempts() == 2);
    CHECK(!error.may_have_arrived() && error.to_json().find("\"attempts\":[{") != std::string::npos);
    CHECK(error.retry_after().count() == 0);
    thrown<InvalidArgument>(
        [] { new_client().set(JC_SETTING_TIMEOUT_MS, std::chrono::milliseconds(-1)); });
}

// What the account is to blame for keeps the lead, although the status is that of a refusal.
static void a_result_knows_more_than_its_status()
{
    const auto error = thrown<NotAccepted>([] {
        Client client("username", "wrong");
        client.set(JC_SETTING_BASE_URL, base_url);
        static_cast<void>(client.add_lead(Lead().group("super").email("a@b.ru")));
    });
    CHECK(error.disposition() == Disposition::Hold);
    const Client client = new_client();
    const Result result = client.add_lead(Lead().group("super").email("known@b.ru"));
    CHECK(result.disposition() == Disposition::Done);
    CHECK(result.to_json().find("\"attempts\":[{") != std::string::npos);
    CHECK(std::string(name(result.outcome())) == "added");
}

static void a_lead_can_be_json()
{
    const Client client = new_client();
    Lead lead = Lead::from_json(
        R"({"lead_email": "a@b.ru", "rid": ["super"], "utm": {"utm_source": "x"}, "tag": null})");
    const std::string start = "rid%5B0%5D=super&lead_email=a%40b.ru&";
    CHECK(client.sign(lead).body().find(start + "utm%5Butm_source%5D=x&hash=") == 0);
    thrown<InvalidArgument>([&] { lead.set_json(R"({"lead_name": "n", "lead_nmae": "n"})"); });
    thrown<InvalidArgument>([&] { lead.set_json(nullptr); });
    thrown<InvalidArgument>([&] { static_cast<void>(Lead::from_json("1")); });
    CHECK(client.sign(lead).body().find(start + "utm%5Butm_source%5D=x&hash=") == 0);
    lead.set_json(R"({"utm[utm_source]": null})");
    CHECK(client.sign(lead).body().find(start + "hash=") == 0);
}

static void a_clone_has_settings_of_its_own()
{
    const Client client = new_client();
    const Lead lead = Lead().group("super").email("clone@b.ru");
    const Client nowhere = client.with(JC_SETTING_BASE_URL, "http://127.0.0.1:1")
                               .with(JC_SETTING_MAX_ATTEMPTS, 1)
                               .with(JC_SETTING_TIMEOUT_MS, std::chrono::seconds(5));
    CHECK(thrown<Unreachable>([&] { static_cast<void>(nowhere.add_lead(lead)); }).attempts() == 1);
    CHECK(client.clone().interrupt(nullptr).add_lead(lead).outcome() == Outcome::Added);
    CHECK(client.add_lead(lead).outcome() == Outcome::AlreadyRegistered);
    thrown<InvalidArgument>([&] { static_cast<void>(client.with("timeout", 1)); });
}

static void the_contact_functions_work()
{
    const Client client = new_client();
    const std::string email = "contact@b.ru", odd = "a \"name\" \\ \n\x1f Имя";
    CHECK(client.groups().json().find("\"super\"") != std::string::npos);
    client.add_lead(Lead().group("news").email(email));
    CHECK(client.statuses(email).json().find("\"news\"") != std::string::npos);
    const Result updated = client.update_lead(email, odd, std::nullopt, "", "tags");
    CHECK(updated.outcome() == Outcome::Answered && updated.disposition() == Disposition::Done);
    const std::string before = client.count("news").json();
    CHECK(client.unsubscribe(email, "news") && !client.unsubscribe("nobody@b.ru", "news"));
    CHECK(!before.empty() && client.count("unique").json() != "");
    thrown<InvalidArgument>([&] { client.unsubscribe(email, ""); });
    thrown<InvalidArgument>([&] { client.unsubscribe(nullptr, "news"); });
    thrown<InvalidArgument>([&] { client.statuses("\xff"); });
    thrown<InvalidArgument>([&] { client.count(std::string("a\0b", 3)); });
    const auto body = client
                          .sign_call("UpdateSubscriberData", "{\"lead_email\":\"a@b.ru\",\"lead_name\":" +
                                                                 detail::quoted(odd) + "}")
                          .body();
    CHECK(body.find("&lead_name=a+%22name%22+%5C+%0A%1F+%D0%98%D0%BC%D1%8F&") != std::string::npos);
    CHECK(client.sign_call("GetAllGroups").url() == base_url + "/api/GetAllGroups");
}

static void threads_share_a_client()
{
    const Client client = new_client();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; thread++)
        threads.emplace_back([&client, thread] {
            Lead lead;
            lead.group("news").email("thread" + std::to_string(thread) + "@b.ru");
            CHECK(client.add_lead(lead).outcome() == Outcome::Added);
        });
    for (auto &thread : threads)
        thread.join();
}

static void an_outbox_keeps_and_delivers()
{
    const Client client = new_client();
    Outbox outbox(":memory:");
    outbox.set(JC_OUTBOX_SETTING_MAX_LEADS, 3).set(JC_OUTBOX_SETTING_DURABILITY, std::nullopt);
    const auto first = outbox.add(client, Lead().group("super").email("outbox@b.ru"));
    CHECK(outbox.add(client, Lead().group("super").email("outbox@b.ru")) == first);
    CHECK(outbox.add(client, Lead().group("no such group").email("dead@b.ru"), "order 17") > first);
    const auto report = outbox.deliver(client, R"({"in_flight": 2})");
    CHECK(report.json().find(R"("delivered":1)") != std::string_view::npos);
    CHECK(report.message().find("1 delivered, 1 dead") == 0 && report.outcome() == Outcome::None);
    CHECK(outbox.dead().json().find(R"("error_code":103)") != std::string::npos);
    CHECK(outbox.list(R"({"with_leads": true})").json().find("dead@b.ru") != std::string::npos);
    CHECK(outbox.retry().json() == R"({"retried":1})");
    CHECK(outbox.drop(R"({"state": "waiting"})").json() == R"({"dropped":1})");
    CHECK(outbox.status().message() == "0 waiting, 0 on their way, 0 dead, 1 delivered, 1 dropped");
    thrown<InvalidArgument>([&] { static_cast<void>(outbox.drop("{}")); });
    thrown<InvalidArgument>([&] { static_cast<void>(outbox.deliver(client, nullptr)); });
    thrown<InvalidArgument>([&] { outbox.add(client, Lead()); });
    CHECK(thrown<NotStored>([] { Outbox("/"); }).disposition() == Disposition::Later);
    const auto within = justclick::outbox_statement("mysql", client, Lead().group("g").email("a@b.ru"), "order 17");
    CHECK(within.json().find("lead_email=a%40b.ru") != std::string::npos);
    thrown<InvalidArgument>([&] { static_cast<void>(justclick::outbox_statement("pg", client, Lead())); });
    const Outbox moved = std::move(outbox);
    thrown<InvalidArgument>([&] { static_cast<void>(outbox.status()); });
    CHECK(moved.status().disposition() == Disposition::Done && moved.get());
}

int main(int, char **argv)
{
    base_url = argv[1];
    strings_go_as_they_are();
    what_comes_out_of_a_temporary_stays();
    what_is_null_is_refused();
    values_are_of_many_types();
    every_field_has_its_setter();
    what_was_moved_from_says_so();
    an_exception_outlives_its_client();
    a_failure_on_the_way_says_what_is_known();
    a_result_knows_more_than_its_status();
    a_lead_can_be_json();
    a_clone_has_settings_of_its_own();
    the_contact_functions_work();
    threads_share_a_client();
    an_outbox_keeps_and_delivers();
    std::cout << "every class was used\n";
}

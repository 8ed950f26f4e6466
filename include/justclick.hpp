// justclick for C++17: owns the handles of justclick.h, throws where a call fails.
//
//     #include <justclick.hpp>
//     #include <iostream>
//
//     int main()
//     {
//         try {
//             const justclick::Client client("username", "secret");
//             justclick::Lead lead;
//             lead.group("super").email("lead@email.com").name("Name");
//             std::cout << client.add_lead(lead).message() << '\n';
//         } catch (const justclick::Error &error) {
//             std::cerr << error.what() << '\n';
//             if (error.disposition() != justclick::Disposition::Refused)
//                 std::cerr << "Keep this lead and send it again later.\n";
//             return 1;
//         }
//     }
//
// Link with -ljustclick. Meaning, limits and defaults of fields and settings are those of
// justclick.h, whose conventions hold here too: strings are UTF-8 without NUL bytes, any number of
// threads may use an object that is const, and a client works in a child made by fork(). A
// string_view that comes out lives as long as the object that returned it; an object that is
// about to go, as in client.add_lead(lead).message(), returns a string of its own instead.
//
// The classes but the exceptions are move-only. One that was moved from may be assigned to or destroyed; other calls
// on it throw InvalidArgument.

#ifndef JUSTCLICK_HPP
#define JUSTCLICK_HPP

#if defined(_MSVC_LANG) ? _MSVC_LANG < 201703L : __cplusplus < 201703L
#error "justclick.hpp needs C++17: compile with -std=c++17 or later, or use justclick.h"
#endif

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "justclick.h"

namespace justclick {

// What became of a lead. New values may come.
enum class Outcome : std::int32_t {
    // There is no answer of the service that could be believed; an outbox asks for none.
    None = JC_OUTCOME_NONE,
    // The contact was added.
    Added = JC_ADDED,
    // The contact was added and has been sent a mail to confirm.
    ActivationSent = JC_ACTIVATION_SENT,
    // The contact was in all of the groups before.
    AlreadyRegistered = JC_ALREADY_REGISTERED,
    // Another function than AddLeadToGroup was carried out.
    Answered = JC_ANSWERED,
    // The service said no.
    Rejected = JC_OUTCOME_REJECTED
};

// An outcome in words, such as "already registered", for logs.
inline const char *name(Outcome outcome) noexcept
{
    return jc_outcome_name(static_cast<std::int32_t>(outcome));
}

// What to do with the lead. Keep it unless it is Done or Refused.
enum class Disposition : std::int32_t {
    // Nothing: the service has the contact. Of a DeleteSubscribe that is rejected: the contact was
    // not in the group.
    Done = JC_DONE,
    // The service, or a rule of it, refuses this lead and this lead alone. It will not change.
    Refused = JC_REFUSED,
    // Keep the lead and send it again; retry_after() says when the service wants it.
    Later = JC_LATER,
    // Keep the lead until the account or the set-up is mended; nothing is wrong with it.
    Hold = JC_HOLD
};

namespace detail {

struct Free {
    void operator()(void *handle) const noexcept { jc_free(handle); }
};

template <typename Handle> using Owned = std::unique_ptr<Handle, Free>;

// What is known of a call that failed.
struct Facts {
    std::string text;
    std::int32_t code = -1;
    std::uint32_t attempts = 0;
    std::uint32_t retry_after_ms = 0;
    bool may_have_arrived = false;
    std::int32_t disposition = JC_LATER;
    std::string json;
};

template <typename Type, typename... Others>
constexpr bool is_one_of = (std::is_same_v<Type, Others> || ...);

template <typename Type>
constexpr bool is_character = is_one_of<Type, char, wchar_t, char16_t, char32_t
#ifdef __cpp_char8_t
                                        ,
                                        char8_t
#endif
                                        >;

} // namespace detail

// A string that goes in: "x", std::string, std::string_view, or what converts to the latter. A
// char pointer that is NULL, as std::getenv() may return it, is refused with InvalidArgument.
class Text {
public:
    Text(const char *text) noexcept
        : data_(text), size_(text ? std::string_view(text).size() : JC_NTS)
    {
    }

    template <typename Type,
              std::enable_if_t<std::is_convertible_v<const Type &, std::string_view> &&
                                   !std::is_convertible_v<const Type &, const char *>,
                               int> = 0>
    Text(const Type &text) : Text(static_cast<std::string_view>(text), Viewed())
    {
    }

    const char *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

protected:
    Text(const char *data, std::size_t size) noexcept : data_(data), size_(size) {}

    const char *data_;
    std::size_t size_;

private:
    struct Viewed {};

    // A view without a pointer is an empty string, and not what C means by NULL: no value.
    Text(std::string_view text, Viewed) noexcept
        : data_(text.data() ? text.data() : ""), size_(text.size())
    {
    }
};

// What a field or a setting is set to: a string, true or false, a whole number. std::nullopt, or
// an optional without a value, leaves the field out or puts the setting's default back.
class Value : public Text {
public:
    Value(std::nullopt_t) noexcept : Text(nullptr, 0) {}

    template <typename Type, std::enable_if_t<std::is_convertible_v<const Type &, Text> &&
                                                  !std::is_base_of_v<Value, Type>,
                                              int> = 0>
    Value(const Type &text) : Text(text)
    {
    }

    template <typename Type,
              std::enable_if_t<std::is_convertible_v<const Type &, Text>, int> = 0>
    Value(const std::optional<Type> &text) : Text(nullptr, 0)
    {
        if (text)
            Text::operator=(Text(*text));
    }

    template <typename Number, std::enable_if_t<std::is_integral_v<Number> &&
                                                    !detail::is_character<Number>,
                                                int> = 0>
    Value(Number number) noexcept : Text(digits_, 0)
    {
        if constexpr (std::is_same_v<Number, bool>)
            size_ = 1, digits_[0] = number ? '1' : '0';
        else
            size_ = static_cast<std::size_t>(
                std::to_chars(digits_, digits_ + sizeof digits_, number).ptr - digits_);
    }

    Value(const Value &) = delete;
    Value &operator=(const Value &) = delete;
    ~Value() = default;

private:
    char digits_[24];
};

// The base of all exceptions, one class for each kind of status. An exception holds all that it
// tells, and copying one never throws.
class Error : public std::runtime_error {
public:
    Error(jc_status status, const std::string &message, detail::Facts facts = {})
        : std::runtime_error(message), status_(status),
          facts_(std::make_shared<const detail::Facts>(std::move(facts)))
    {
    }

    Error(const Error &) noexcept = default;
    Error &operator=(const Error &) noexcept = default;
    ~Error() override = default;

    // The constant of jc_status_code, and its name for logs: "JC_UNREACHABLE".
    jc_status status() const noexcept { return status_; }
    const char *status_name() const noexcept { return jc_status_name(status_); }

    // What to do with the lead: keep it unless it is Refused.
    Disposition disposition() const noexcept
    {
        return static_cast<Disposition>(facts_->disposition);
    }

    // Whether the same lead can succeed later without a change on this side, as far as the status
    // alone tells; disposition() knows more.
    bool is_retryable() const noexcept { return jc_status_is_retryable(status_); }

    // All that is known of the call as JSON, as jc_result_to_json() has it; empty where there was
    // no call.
    std::string_view to_json() const & noexcept { return facts_->json; }
    std::string to_json() const && { return facts_->json; }

    // The service's code, a JC_CODE_… or a newer one; -1 where there was no answer.
    std::int32_t code() const noexcept { return facts_->code; }

    // The service's text, perhaps in Russian; empty where there was no answer.
    std::string_view text() const & noexcept { return facts_->text; }
    std::string text() const && { return facts_->text; }

    // How many times the lead was sent, or tried to be.
    std::uint32_t attempts() const noexcept { return facts_->attempts; }

    // Whether the service may have the lead all the same.
    bool may_have_arrived() const noexcept { return facts_->may_have_arrived; }

    // How long the service asked to wait before the next try; zero where it did not.
    std::chrono::milliseconds retry_after() const noexcept
    {
        return std::chrono::milliseconds(facts_->retry_after_ms);
    }

private:
    jc_status status_;
    std::shared_ptr<const detail::Facts> facts_;
};

// An argument breaks a rule, or there is no such field or setting; nothing was sent.
class InvalidArgument : public Error {
    using Error::Error;
};

// The service answered no; code() and text() say why.
class Rejected : public Error {
    using Error::Error;
};

// The service does not accept the username and secret.
class NotAccepted : public Error {
    using Error::Error;
};

// The request did not arrive: no such host, no connection, refused.
class Unreachable : public Error {
    using Error::Error;
};

// The request may have arrived, and no answer came.
class OutcomeUnknown : public Error {
    using Error::Error;
};

// The peer could not prove that it is who it should be.
class TlsFailure : public Error {
    using Error::Error;
};

// An answer that is not the API's, not the promised JSON, or too large.
class BadAnswer : public Error {
    using Error::Error;
};

// An answer that was not written by somebody who knows the secret.
class ForgedAnswer : public Error {
    using Error::Error;
};

// The outbox could not keep or read leads: the disk is full, a limit is reached, the file is damaged,
// locked for too long, or not to be trusted.
class NotStored : public Error {
    using Error::Error;
};

// A fault of the library was caught.
class InternalFault : public Error {
    using Error::Error;
};

namespace detail {

// Throws what belongs to a status. One that is newer than this header goes by its sign.
[[noreturn]] inline void raise(jc_status status, const std::string &message, Facts facts = {})
{
    switch (status) {
    case JC_REJECTED: throw Rejected(status, message, std::move(facts));
    case JC_NOT_ACCEPTED: throw NotAccepted(status, message, std::move(facts));
    case JC_INVALID_ARGUMENT:
    case JC_UNKNOWN_NAME: throw InvalidArgument(status, message, std::move(facts));
    case JC_UNREACHABLE: throw Unreachable(status, message, std::move(facts));
    case JC_TLS: throw TlsFailure(status, message, std::move(facts));
    case JC_OUTCOME_UNKNOWN: throw OutcomeUnknown(status, message, std::move(facts));
    case JC_HTTP:
    case JC_BAD_RESPONSE: throw BadAnswer(status, message, std::move(facts));
    case JC_BAD_SIGNATURE: throw ForgedAnswer(status, message, std::move(facts));
    case JC_NOT_STORED: throw NotStored(status, message, std::move(facts));
    case JC_INTERNAL: throw InternalFault(status, message, std::move(facts));
    default: break;
    }
    if (status > 0)
        throw Rejected(status, message, std::move(facts));
    throw Error(status, message, std::move(facts));
}

// Takes over the result of a call that failed.
inline void check(jc_status status, jc_result *failed = nullptr)
{
    if (status == JC_OK)
        return;
    const Owned<jc_result> result(failed);
    Facts facts;
    if (!result) {
        facts.disposition = jc_status_disposition(status);
        raise(status, jc_last_error(), std::move(facts));
    }
    facts.disposition = jc_result_disposition(failed);
    facts.json = jc_result_to_json(failed);
    facts.text = jc_result_error_text(failed);
    facts.code = jc_result_error_code(failed);
    facts.attempts = jc_result_attempts(failed);
    facts.retry_after_ms = jc_result_retry_after_ms(failed);
    facts.may_have_arrived = jc_result_may_have_arrived(failed);
    raise(status, jc_result_message(failed), std::move(facts));
}

// A text as JSON has it. One that is not UTF-8 is refused by the library.
inline std::string quoted(const Text &text)
{
    static constexpr char hex[] = "0123456789abcdef";
    if (!text.data())
        raise(JC_INVALID_ARGUMENT, "a text is NULL", {});
    const std::size_t size = text.size() == JC_NTS ? std::string_view(text.data()).size() : text.size();
    std::string json = "\"";
    for (const char character : std::string_view(text.data(), size)) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte == '"' || byte == '\\') {
            json += '\\';
            json += character;
        } else if (byte < 0x20) {
            json += "\\u00";
            json += hex[byte >> 4];
            json += hex[byte & 15];
        } else {
            json += character;
        }
    }
    return json + '"';
}

} // namespace detail

// What the service carried out, and what it said.
class Result {
public:
    // Takes over a result of justclick.h.
    explicit Result(jc_result *handle) noexcept : handle_(handle) {}

    Outcome outcome() const noexcept
    {
        return static_cast<Outcome>(jc_result_outcome(handle_.get()));
    }

    // What to do with the lead: Done.
    Disposition disposition() const noexcept
    {
        return static_cast<Disposition>(jc_result_disposition(handle_.get()));
    }

    // The service's code and text. The latter may be in Russian: decide by the outcome.
    std::int32_t code() const noexcept { return jc_result_error_code(handle_.get()); }
    std::string_view text() const & noexcept { return jc_result_error_text(handle_.get()); }
    std::string text() const && { return jc_result_error_text(handle_.get()); }

    // The member "result" of the answer as JSON, empty where it has none. No hash covers it.
    std::string_view json() const & noexcept { return jc_result_json(handle_.get()); }
    std::string json() const && { return jc_result_json(handle_.get()); }

    // For people: what happened.
    std::string_view message() const & noexcept { return jc_result_message(handle_.get()); }
    std::string message() const && { return jc_result_message(handle_.get()); }

    // How many times the lead was sent.
    std::uint32_t attempts() const noexcept { return jc_result_attempts(handle_.get()); }

    // All that is known of the call as JSON, as jc_result_to_json() has it.
    std::string_view to_json() const & noexcept { return jc_result_to_json(handle_.get()); }
    std::string to_json() const && { return jc_result_to_json(handle_.get()); }

private:
    detail::Owned<jc_result> handle_;
};

// A signed request, for a program that sends it by an HTTP stack of its own.
class Request {
public:
    // Takes over a request of justclick.h.
    explicit Request(jc_request *handle) noexcept : handle_(handle) {}

    // The address to POST to.
    std::string_view url() const & noexcept { return jc_request_url(handle_.get()); }
    std::string url() const && { return jc_request_url(handle_.get()); }

    // The body, to be sent byte for byte as application/x-www-form-urlencoded.
    std::string_view body() const & noexcept { return jc_request_body(handle_.get()); }
    std::string body() const && { return jc_request_body(handle_.get()); }

private:
    detail::Owned<jc_request> handle_;
};

// A contact and the groups it is added to. Each setter throws InvalidArgument for a value that
// breaks a rule, naming the field, and leaves the lead as it was. It may be sent again and by
// other clients; one thread at a time may use it.
//
//     const auto lead = justclick::Lead().group("super").email("lead@email.com");
class Lead {
public:
    Lead() : handle_(jc_lead_new())
    {
        if (!handle_)
            detail::raise(JC_INTERNAL, jc_last_error());
    }

    // A lead of a JSON object of the service's names: {"rid": ["super"], "lead_email": "…"}.
    static Lead from_json(const Text &json)
    {
        Lead lead;
        lead.set_json(json);
        return lead;
    }

    // Sets each field of a JSON object, or none where one of them is refused.
    Lead &set_json(const Text &json) &
    {
        detail::check(jc_lead_set_json(handle_.get(), json.data(), json.size()));
        return *this;
    }
    Lead set_json(const Text &json) && { return std::move(set_json(json)); }

    // Adds a group by its symbolic identifier, behind those the lead has.
    Lead &group(const Text &group) &
    {
        detail::check(jc_lead_add_group(handle_.get(), group.data(), group.size()));
        return *this;
    }
    Lead group(const Text &name) && { return std::move(group(name)); }

    // Sets a field by the service's own name, a JC_LEAD_… or "rid[0]".
    Lead &set(const char *field, const Value &value) &
    {
        detail::check(jc_lead_set(handle_.get(), field, value.data(), value.size()));
        return *this;
    }
    Lead set(const char *field, const Value &value) && { return std::move(set(field, value)); }

    // Sets a parameter that this version of the library does not know.
    Lead &set_extra(const Text &name, const Value &value) &
    {
        detail::check(jc_lead_set_extra(handle_.get(), name.data(), name.size(), value.data(),
                                        value.size()));
        return *this;
    }
    Lead set_extra(const Text &name, const Value &value) &&
    {
        return std::move(set_extra(name, value));
    }

    // The fields by their short names. Each is there twice: a lead that has no name yet is handed
    // on by value, so that nothing refers to it when it is gone.
#define JUSTCLICK_FIELD(setter, type, field)                                                   \
    Lead &setter(type value) & { return set(field, value); }                                   \
    Lead setter(type value) && { return std::move(set(field, value)); }

    JUSTCLICK_FIELD(email, const Text &, JC_LEAD_EMAIL)
    JUSTCLICK_FIELD(name, const Text &, JC_LEAD_NAME)
    JUSTCLICK_FIELD(phone, const Text &, JC_LEAD_PHONE)
    JUSTCLICK_FIELD(city, const Text &, JC_LEAD_CITY)
    JUSTCLICK_FIELD(tag, const Text &, JC_LEAD_TAG)
    JUSTCLICK_FIELD(doneurl2, const Text &, JC_LEAD_DONEURL2)
    JUSTCLICK_FIELD(activation, bool, JC_LEAD_ACTIVATION)
    JUSTCLICK_FIELD(utm_medium, const Text &, JC_LEAD_UTM_MEDIUM)
    JUSTCLICK_FIELD(utm_source, const Text &, JC_LEAD_UTM_SOURCE)
    JUSTCLICK_FIELD(utm_campaign, const Text &, JC_LEAD_UTM_CAMPAIGN)
    JUSTCLICK_FIELD(utm_content, const Text &, JC_LEAD_UTM_CONTENT)
    JUSTCLICK_FIELD(utm_term, const Text &, JC_LEAD_UTM_TERM)
    JUSTCLICK_FIELD(aff_medium, const Text &, JC_LEAD_AFF_MEDIUM)
    JUSTCLICK_FIELD(aff_source, const Text &, JC_LEAD_AFF_SOURCE)
    JUSTCLICK_FIELD(aff_campaign, const Text &, JC_LEAD_AFF_CAMPAIGN)
    JUSTCLICK_FIELD(aff_content, const Text &, JC_LEAD_AFF_CONTENT)
    JUSTCLICK_FIELD(aff_term, const Text &, JC_LEAD_AFF_TERM)
    JUSTCLICK_FIELD(aff, const Text &, JC_LEAD_AFF)
    JUSTCLICK_FIELD(ad, const Text &, JC_LEAD_AD)
#undef JUSTCLICK_FIELD

    // The handle, for functions of justclick.h; it stays this object's.
    const jc_lead *get() const & noexcept { return handle_.get(); }
    const jc_lead *get() const && = delete;

private:
    detail::Owned<jc_lead> handle_;
};

// An account's client: its login, secret, settings and connections.
class Client {
public:
    // Blanks around both are cut off. Opens no connection and reads no file.
    Client(const Text &username, const Text &secret)
    {
        jc_client *handle = nullptr;
        detail::check(jc_client_new(username.data(), username.size(), secret.data(),
                                    secret.size(), &handle));
        handle_.reset(handle);
    }

    // Sets one of the JC_SETTING_… before the client is shared with other threads.
    Client &set(const char *setting, const Value &value) &
    {
        detail::check(jc_client_set(handle_.get(), setting, value.data(), value.size()));
        return *this;
    }
    Client set(const char *setting, const Value &value) &&
    {
        return std::move(set(setting, value));
    }

    // Sets one of those that are in milliseconds.
    Client &set(const char *setting, std::chrono::milliseconds value) &
    {
        return set(setting, value.count());
    }
    Client set(const char *setting, std::chrono::milliseconds value) &&
    {
        return std::move(set(setting, value.count()));
    }

    // Sends the lead and waits for the answer, at most for timeout_ms. Returns where the service
    // has the contact, and throws otherwise. Any number of threads may call this at once.
    Result add_lead(const Lead &lead) const
    {
        jc_result *result = nullptr;
        const jc_status status = jc_add_lead(handle_.get(), lead.get(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // Calls any function of the API with a JSON object of its parameters. json() of what it returns
    // is the answer's result, which its hash does not cover. Throws as add_lead() does.
    Result call(const Text &function, const Text &parameters = "{}") const
    {
        jc_result *result = nullptr;
        const jc_status status = jc_call(handle_.get(), function.data(), function.size(),
                                         parameters.data(), parameters.size(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // All groups of the account: json() is a list of {"rass_name", "rass_title"}.
    Result groups() const { return call("GetAllGroups"); }

    // How a contact stands in each of its groups: json() is a list of {"rass_name", "rass_title",
    // "rass_status", "subscription_time"}.
    Result statuses(const Text &email) const
    {
        return call("GetLeadGroupStatuses", "{\"email\":" + detail::quoted(email) + '}');
    }

    // Changes what the service knows of a contact; std::nullopt leaves a value as it is.
    Result update_lead(const Text &email, const Value &name, const Value &phone = std::nullopt,
                       const Value &city = std::nullopt, const Value &tags = std::nullopt) const
    {
        std::string parameters = "{\"lead_email\":" + detail::quoted(email);
        const auto add = [&parameters](const char *field, const Value &value) {
            if (value.data() || value.size() != 0)
                parameters += std::string(",\"") + field + "\":" + detail::quoted(value);
        };
        add("lead_name", name);
        add("lead_phone", phone);
        add("lead_city", city);
        add("lead_tags", tags);
        return call("UpdateSubscriberData", parameters + '}');
    }

    // Takes a contact out of a group; false where it was not in it.
    bool unsubscribe(const Text &email, const Text &group) const
    {
        try {
            call("DeleteSubscribe", "{\"lead_email\":" + detail::quoted(email) +
                                        ",\"rass_name\":" + detail::quoted(group) + '}');
            return true;
        } catch (const Rejected &refusal) {
            if (refusal.disposition() == Disposition::Done)
                return false;
            throw;
        }
    }

    // How many contacts a group has: json() is the number. "unique" counts each contact of the
    // account once, "all" once for each of its groups.
    Result count(const Text &group) const
    {
        return call("GetCountSubscribe", "{\"group_name\":" + detail::quoted(group) + '}');
    }

    // A client of the same account that shares the connections, for calls that need another
    // setting, such as a time-out.
    Client clone() const
    {
        jc_client *handle = nullptr;
        detail::check(jc_client_clone(handle_.get(), &handle));
        return Client(handle);
    }

    // A clone with another setting, for one call: client.with("timeout_ms", 2000).add_lead(lead).
    Client with(const char *setting, const Value &value) const
    {
        return clone().set(setting, value);
    }
    Client with(const char *setting, std::chrono::milliseconds value) const
    {
        return clone().set(setting, value);
    }

    // Has a function asked whenever a signal ends one of a call's waits; another number than 0 ends
    // the call. NULL asks nobody.
    Client &interrupt(std::int32_t (*check)()) &
    {
        detail::check(jc_client_interrupt(handle_.get(), check));
        return *this;
    }
    Client interrupt(std::int32_t (*check)()) && { return std::move(interrupt(check)); }

    // Signs a call without sending it.
    Request sign_call(const Text &function, const Text &parameters = "{}") const
    {
        jc_request *request = nullptr;
        detail::check(jc_sign_call(handle_.get(), function.data(), function.size(),
                                   parameters.data(), parameters.size(), &request));
        return Request(request);
    }

    // Signs the lead without sending it.
    Request sign(const Lead &lead) const
    {
        jc_request *request = nullptr;
        detail::check(jc_sign_lead(handle_.get(), lead.get(), &request));
        return Request(request);
    }

    // Reads the body of an answer to a request of sign() and believes it only if its hash is
    // right. Returns and throws as add_lead() does.
    Result verify(const Text &body) const
    {
        jc_result *result = nullptr;
        const jc_status status =
            jc_verify_answer(handle_.get(), body.data(), body.size(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // The handle, for functions of justclick.h; it stays this object's.
    const jc_client *get() const & noexcept { return handle_.get(); }
    const jc_client *get() const && = delete;

private:
    explicit Client(jc_client *handle) noexcept : handle_(handle) {}

    detail::Owned<jc_client> handle_;
};

// Keeps leads until the service has them: a lead is kept in a moment, and delivered later, by any
// process that opens the same location: a path, or "postgres://…" and "mysql://…" where the library is
// built with them. The promise is that of jc_outbox in justclick.h. What waits
// and what became of leads comes as JSON; justclick.h has the members of each.
//
//     justclick::Outbox outbox("/var/lib/site/leads.db");
//     outbox.add(client, lead);
//     std::cout << outbox.deliver(client, "{\"in_flight\": 8}").message() << '\n';
class Outbox {
public:
    // A path, "sqlite:PATH" or ":memory:". Throws NotStored where it cannot be used.
    explicit Outbox(const Text &location)
    {
        jc_outbox *handle = nullptr;
        detail::check(jc_outbox_open(location.data(), location.size(), &handle));
        handle_.reset(handle);
    }

    // Sets one of the JC_OUTBOX_SETTING_… before the outbox is shared with other threads.
    Outbox &set(const char *setting, const Value &value) &
    {
        detail::check(jc_outbox_set(handle_.get(), setting, value.data(), value.size()));
        return *this;
    }
    Outbox set(const char *setting, const Value &value) &&
    {
        return std::move(set(setting, value));
    }

    // Keeps a lead, which is kept when this returns its number. Nothing is asked of the network. The key
    // tells it from others while it waits; std::nullopt takes one that is made of the lead.
    std::int64_t add(const Client &client, const Lead &lead, const Value &key = std::nullopt) const
    {
        std::int64_t id = 0;
        detail::check(jc_outbox_add(handle_.get(), client.get(), lead.get(), key.data(), key.size(),
                                    &id));
        return id;
    }

    // Delivers what is due: json() of what it returns is the report.
    Result deliver(const Client &client, const Text &limits = "{}") const
    {
        jc_result *result = nullptr;
        const jc_status status = jc_outbox_deliver(handle_.get(), client.get(), limits.data(),
                                                   limits.size(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // How much there is, and what became of the rest.
    Result status() const
    {
        jc_result *result = nullptr;
        const jc_status status = jc_outbox_status(handle_.get(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // The leads of a selection, a JSON object.
    Result list(const Text &which = "{}") const { return of(jc_outbox_list, which); }

    // The dead ones, with why they are dead.
    Result dead() const { return list("{\"state\": \"dead\"}"); }

    // Lets dead leads of a selection wait again.
    Result retry(const Text &which = "{}") const { return of(jc_outbox_retry, which); }

    // Drops the leads of a selection, which needs "ids" or "state", for good.
    Result drop(const Text &which) const { return of(jc_outbox_drop, which); }

    // Keeps what can be read of a damaged SQLite file, which is not changed.
    Result salvage(const Text &damaged) const { return of(jc_outbox_salvage, damaged); }

    // The handle, for functions of justclick.h; it stays this object's.
    const jc_outbox *get() const & noexcept { return handle_.get(); }
    const jc_outbox *get() const && = delete;

private:
    using OfText = jc_status (*)(const jc_outbox *, const char *, std::size_t, jc_result **);

    Result of(OfText function, const Text &text) const
    {
        jc_result *result = nullptr;
        const jc_status status = function(handle_.get(), text.data(), text.size(), &result);
        detail::check(status, result);
        return Result(result);
    }

    detail::Owned<jc_outbox> handle_;
};

// The statements that keep a lead on a connection of the caller's own, within its transaction: json() of
// what it returns has their SQL and the values, which are the lead's data. The engine is "sqlite",
// "postgres" or "mysql"; jc_outbox_statement in justclick.h says the rest.
inline Result outbox_statement(const Text &engine, const Client &client, const Lead &lead,
                               const Value &key = std::nullopt)
{
    jc_result *result = nullptr;
    const jc_status status =
        jc_outbox_statement(engine.data(), engine.size(), client.get(), lead.get(), key.data(),
                            key.size(), &result);
    detail::check(status, result);
    return Result(result);
}

} // namespace justclick

#endif // JUSTCLICK_HPP

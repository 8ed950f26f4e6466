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
//             if (error.is_retryable())
//                 std::cerr << "Keep this lead and send it again later.\n";
//             return 1;
//         }
//     }
//
// Link with -ljustclick. Meaning, limits and defaults of fields and settings are those of
// justclick.h, whose conventions hold here too: strings are UTF-8 without NUL bytes, any number of
// threads may use an object that is const, and a client works in a child made by fork(). Every
// string_view that comes out lives as long as the object that returned it.
//
// The classes are move-only. One that was moved from may be assigned to or destroyed; other calls
// on it throw InvalidArgument.

#ifndef JUSTCLICK_HPP
#define JUSTCLICK_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "justclick.h"

namespace justclick {

// What became of a lead. New values may come.
enum class Outcome : std::int32_t {
    // There was no answer that could be believed.
    None = JC_OUTCOME_NONE,
    // The contact was added.
    Added = JC_ADDED,
    // The contact was added and has been sent a mail to confirm.
    ActivationSent = JC_ACTIVATION_SENT,
    // The contact was in all of the groups before.
    AlreadyRegistered = JC_ALREADY_REGISTERED,
    // The service said no.
    Rejected = JC_OUTCOME_REJECTED
};

namespace detail {

struct Free {
    void operator()(void *handle) const noexcept { jc_free(handle); }
};

template <typename Handle> using Owned = std::unique_ptr<Handle, Free>;

// A view without a pointer is an empty string, and not what C means by NULL: no value.
inline const char *bytes(std::string_view text) noexcept
{
    return text.data() ? text.data() : "";
}

} // namespace detail

// The base of all exceptions, one class for each kind of status. Copying one never throws.
class Error : public std::runtime_error {
public:
    Error(jc_status status, const std::string &message, std::shared_ptr<const jc_result> result)
        : std::runtime_error(message), status_(status), result_(std::move(result))
    {
    }

    // The constant of jc_status_code, and its name for logs: "JC_UNREACHABLE".
    jc_status status() const noexcept { return status_; }
    const char *status_name() const noexcept { return jc_status_name(status_); }

    // Whether the same lead can succeed later without a change on this side: keep it.
    bool is_retryable() const noexcept { return jc_status_is_retryable(status_); }

    // The service's code, a JC_CODE_… or a newer one; -1 where there was no answer.
    std::int32_t code() const noexcept
    {
        return result_ ? jc_result_error_code(result_.get()) : -1;
    }

    // The service's text, perhaps in Russian; empty where there was no answer.
    std::string_view text() const noexcept
    {
        return result_ ? jc_result_error_text(result_.get()) : "";
    }

    // How many times the lead was sent, or tried to be.
    std::uint32_t attempts() const noexcept
    {
        return result_ ? jc_result_attempts(result_.get()) : 0;
    }

    // Whether the service may have the lead all the same.
    bool may_have_arrived() const noexcept
    {
        return result_ && jc_result_may_have_arrived(result_.get());
    }

    // How long the service asked to wait before the next try; zero where it did not.
    std::chrono::milliseconds retry_after() const noexcept
    {
        return std::chrono::milliseconds(result_ ? jc_result_retry_after_ms(result_.get()) : 0);
    }

private:
    jc_status status_;
    std::shared_ptr<const jc_result> result_;
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

// A fault of the library was caught.
class InternalFault : public Error {
    using Error::Error;
};

namespace detail {

// Throws what belongs to a status. One that is newer than this header goes by its sign.
[[noreturn]] inline void raise(jc_status status, const std::string &message,
                               std::shared_ptr<const jc_result> result)
{
    switch (status) {
    case JC_REJECTED: throw Rejected(status, message, std::move(result));
    case JC_NOT_ACCEPTED: throw NotAccepted(status, message, std::move(result));
    case JC_INVALID_ARGUMENT:
    case JC_UNKNOWN_NAME: throw InvalidArgument(status, message, std::move(result));
    case JC_UNREACHABLE: throw Unreachable(status, message, std::move(result));
    case JC_TLS: throw TlsFailure(status, message, std::move(result));
    case JC_OUTCOME_UNKNOWN: throw OutcomeUnknown(status, message, std::move(result));
    case JC_HTTP:
    case JC_BAD_RESPONSE: throw BadAnswer(status, message, std::move(result));
    case JC_BAD_SIGNATURE: throw ForgedAnswer(status, message, std::move(result));
    case JC_INTERNAL: throw InternalFault(status, message, std::move(result));
    default: break;
    }
    if (status > 0)
        throw Rejected(status, message, std::move(result));
    throw Error(status, message, std::move(result));
}

// Takes over the result of a call that failed.
inline void check(jc_status status, jc_result *failed = nullptr)
{
    if (status == JC_OK)
        return;
    std::shared_ptr<const jc_result> result(failed, Free());
    const char *message = failed ? jc_result_message(failed) : jc_last_error();
    raise(status, message, std::move(result));
}

} // namespace detail

// What became of a lead that the service has.
class Result {
public:
    // Takes over a result of justclick.h.
    explicit Result(jc_result *handle) noexcept : handle_(handle) {}

    Outcome outcome() const noexcept
    {
        return static_cast<Outcome>(jc_result_outcome(handle_.get()));
    }

    // The service's code and text. The latter may be in Russian: decide by the outcome.
    std::int32_t code() const noexcept { return jc_result_error_code(handle_.get()); }
    std::string_view text() const noexcept { return jc_result_error_text(handle_.get()); }

    // The member "result" of the answer as JSON, empty where it has none. No hash covers it.
    std::string_view json() const noexcept { return jc_result_json(handle_.get()); }

    // For people: what happened.
    std::string_view message() const noexcept { return jc_result_message(handle_.get()); }

    // How many times the lead was sent.
    std::uint32_t attempts() const noexcept { return jc_result_attempts(handle_.get()); }

private:
    detail::Owned<jc_result> handle_;
};

// A signed request, for a program that sends it by an HTTP stack of its own.
class Request {
public:
    // Takes over a request of justclick.h.
    explicit Request(jc_request *handle) noexcept : handle_(handle) {}

    // The address to POST to.
    std::string_view url() const noexcept { return jc_request_url(handle_.get()); }

    // The body, to be sent byte for byte as application/x-www-form-urlencoded.
    std::string_view body() const noexcept { return jc_request_body(handle_.get()); }

private:
    detail::Owned<jc_request> handle_;
};

// A contact and the groups it is added to. Each setter throws InvalidArgument for a value that
// breaks a rule, naming the field, and leaves the lead as it was. It may be sent again and by
// other clients; one thread at a time may use it.
class Lead {
public:
    Lead() : handle_(jc_lead_new())
    {
        if (!handle_)
            detail::raise(JC_INTERNAL, jc_last_error(), nullptr);
    }

    // Adds a group by its symbolic identifier, behind those the lead has.
    Lead &group(std::string_view group)
    {
        detail::check(jc_lead_add_group(handle_.get(), detail::bytes(group), group.size()));
        return *this;
    }

    // Sets a field by the service's own name, a JC_LEAD_… or "rid[0]". std::nullopt leaves it
    // out again; an empty string sends it empty.
    Lead &set(const char *field, std::optional<std::string_view> value)
    {
        detail::check(value ? jc_lead_set(handle_.get(), field, detail::bytes(*value), value->size())
                            : jc_lead_set(handle_.get(), field, nullptr, 0));
        return *this;
    }

    // Sets a parameter that this version of the library does not know.
    Lead &set_extra(std::string_view name, std::optional<std::string_view> value)
    {
        detail::check(value ? jc_lead_set_extra(handle_.get(), detail::bytes(name), name.size(),
                                                detail::bytes(*value), value->size())
                            : jc_lead_set_extra(handle_.get(), detail::bytes(name), name.size(),
                                                nullptr, 0));
        return *this;
    }

    Lead &email(std::string_view value) { return set(JC_LEAD_EMAIL, value); }
    Lead &name(std::string_view value) { return set(JC_LEAD_NAME, value); }
    Lead &phone(std::string_view value) { return set(JC_LEAD_PHONE, value); }
    Lead &city(std::string_view value) { return set(JC_LEAD_CITY, value); }
    Lead &tag(std::string_view value) { return set(JC_LEAD_TAG, value); }
    Lead &doneurl2(std::string_view value) { return set(JC_LEAD_DONEURL2, value); }
    Lead &activation(bool value) { return set(JC_LEAD_ACTIVATION, value ? "1" : "0"); }
    Lead &utm_medium(std::string_view value) { return set(JC_LEAD_UTM_MEDIUM, value); }
    Lead &utm_source(std::string_view value) { return set(JC_LEAD_UTM_SOURCE, value); }
    Lead &utm_campaign(std::string_view value) { return set(JC_LEAD_UTM_CAMPAIGN, value); }
    Lead &utm_content(std::string_view value) { return set(JC_LEAD_UTM_CONTENT, value); }
    Lead &utm_term(std::string_view value) { return set(JC_LEAD_UTM_TERM, value); }
    Lead &aff_medium(std::string_view value) { return set(JC_LEAD_AFF_MEDIUM, value); }
    Lead &aff_source(std::string_view value) { return set(JC_LEAD_AFF_SOURCE, value); }
    Lead &aff_campaign(std::string_view value) { return set(JC_LEAD_AFF_CAMPAIGN, value); }
    Lead &aff_content(std::string_view value) { return set(JC_LEAD_AFF_CONTENT, value); }
    Lead &aff_term(std::string_view value) { return set(JC_LEAD_AFF_TERM, value); }
    Lead &aff(std::string_view value) { return set(JC_LEAD_AFF, value); }
    Lead &ad(std::string_view value) { return set(JC_LEAD_AD, value); }

    // The handle, for functions of justclick.h; it stays this object's.
    const jc_lead *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<jc_lead> handle_;
};

// An account's client: its login, secret, settings and connections.
class Client {
public:
    // Blanks around both are cut off. Opens no connection and reads no file.
    Client(std::string_view username, std::string_view secret)
    {
        jc_client *handle = nullptr;
        detail::check(jc_client_new(detail::bytes(username), username.size(),
                                    detail::bytes(secret), secret.size(), &handle));
        handle_.reset(handle);
    }

    // Sets one of the JC_SETTING_… before the client is shared with other threads. std::nullopt
    // puts its default back.
    Client &set(const char *setting, std::optional<std::string_view> value)
    {
        detail::check(value ? jc_client_set(handle_.get(), setting, detail::bytes(*value),
                                            value->size())
                            : jc_client_set(handle_.get(), setting, nullptr, 0));
        return *this;
    }

    // Sets one of those that are in milliseconds.
    Client &set(const char *setting, std::chrono::milliseconds value)
    {
        return set(setting, std::to_string(value.count()));
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

    // Signs the lead without sending it.
    Request sign(const Lead &lead) const
    {
        jc_request *request = nullptr;
        detail::check(jc_sign_lead(handle_.get(), lead.get(), &request));
        return Request(request);
    }

    // Reads the body of an answer to a request of sign() and believes it only if its hash is
    // right. Returns and throws as add_lead() does.
    Result verify(std::string_view body) const
    {
        jc_result *result = nullptr;
        const jc_status status =
            jc_verify_answer(handle_.get(), detail::bytes(body), body.size(), &result);
        detail::check(status, result);
        return Result(result);
    }

    // The handle, for functions of justclick.h; it stays this object's.
    const jc_client *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<jc_client> handle_;
};

} // namespace justclick

#endif // JUSTCLICK_HPP

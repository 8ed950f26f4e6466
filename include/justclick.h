/*
 * justclick: adds contacts (leads) to the groups of a JustClick account.
 *
 * This file is made from the library's sources; change those, not this.
 *
 * A complete program:
 *
 * ```c
 * #include <justclick.h>
 * #include <stdio.h>
 *
 * int main(void)
 * {
 *     jc_client *client = NULL;
 *     jc_lead *lead = jc_lead_new();
 *     jc_result *result = NULL;
 *
 *     jc_status status = jc_client_new("username", JC_NTS, "secret", JC_NTS, &client);
 *     if (status == JC_OK)
 *         status = jc_lead_add_group(lead, "super", JC_NTS);
 *     if (status == JC_OK)
 *         status = jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS);
 *     if (status == JC_OK)
 *         status = jc_lead_set(lead, JC_LEAD_NAME, "Name", JC_NTS);
 *     if (status == JC_OK)
 *         status = jc_add_lead(client, lead, &result);
 *
 *     if (status == JC_OK)
 *         printf("%s\n", jc_result_message(result));
 *     else
 *         fprintf(stderr, "%s: %s\n", jc_status_name(status), jc_last_error());
 *     int32_t what_to_do = result ? jc_result_disposition(result) : jc_status_disposition(status);
 *     if (what_to_do != JC_DONE && what_to_do != JC_REFUSED)
 *         fprintf(stderr, "Keep this lead and send it again later.\n");
 *
 *     jc_free(result);
 *     jc_free(lead);
 *     jc_free(client);
 *     return status == JC_OK ? 0 : 1;
 * }
 * ```
 *
 * Conventions
 *
 * Order. The object that a function works on comes first, then what goes in, then what comes out.
 *
 * Strings that go in are pairs of a pointer and a length in bytes; JC_NTS as the length means up to
 * the NUL byte. They are UTF-8 without NUL bytes, which the library checks. It copies what it
 * keeps. Names of fields and settings are constants of the program, and end with a NUL byte.
 *
 * Strings that come out end with a NUL byte, are never NULL, and belong to the library: each
 * function says for how long. Never free one.
 *
 * Handles (jc_client, jc_lead, jc_outbox, jc_request, jc_result) belong to the caller, who frees each once with
 * jc_free. A function that makes one through an out parameter sets *out to NULL before all else.
 *
 * NULL where a handle or a string is needed, a misaligned pointer, and a handle of another type are
 * JC_INVALID_ARGUMENT, and nothing happens. A handle that was freed is often told as that; nothing
 * is promised for it.
 *
 * Failures are statuses: JC_OK is 0, above it the service said no, below it something failed on the
 * way. jc_last_error has the message for people. Neither it nor any other text of the library
 * holds the secret, and none but jc_request_body and jc_outbox_list hold a lead's data.
 *
 * What to do with the lead stands apart from how the call ended: a lead is kept unless its disposition
 * is JC_DONE or JC_REFUSED. Of a status alone jc_status_disposition tells what it can:
 *
 *   JC_DONE     JC_OK
 *   JC_REFUSED  JC_INVALID_ARGUMENT, JC_UNKNOWN_NAME
 *   JC_LATER    JC_UNREACHABLE, JC_OUTCOME_UNKNOWN, JC_HTTP, JC_BAD_RESPONSE
 *   JC_LATER    JC_NOT_STORED, JC_INTERNAL
 *   JC_HOLD     JC_REJECTED, JC_NOT_ACCEPTED, JC_TLS, JC_BAD_SIGNATURE
 *
 * A result knows more: of JC_REJECTED the service's code (JC_REFUSED but for the codes 1, 2, 6, 7 and
 * 8, which concern the account), of JC_HTTP the HTTP status (JC_LATER for 408, 425, 429 and 5xx,
 * JC_REFUSED for 413, 414 and 431, else JC_HOLD).
 *
 * Threads. A function that takes a handle as const may be called with it by any number of threads
 * at once; without const, the handle is that thread's alone meanwhile. Nothing else is shared.
 *
 * fork(). A client or an outbox made before fork() works in the child, which neither uses nor
 * disturbs the parent's connections; it may be freed in both.
 *
 * Nothing happens when the library is loaded: it starts no thread, reads no file and no environment
 * before the first lead is sent or kept. It installs no signal handler and changes no state of the process.
 * Looking a name up takes a thread for that moment. The library stays loaded until the process ends.
 *
 * New fields and settings come as names, new functions are added, none is changed or removed within
 * one JC_ABI_VERSION.
 */

#ifndef JUSTCLICK_H
#define JUSTCLICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JC_VERSION_MAJOR 0
#define JC_VERSION_MINOR 1
#define JC_VERSION_PATCH 0
/* The version of this header; jc_version() says which library runs. */
#define JC_VERSION "0.1.0"
/* The binary interface of this header; compare it with jc_abi_version(). */
#define JC_ABI_VERSION 0
/* As a length: up to the NUL byte. */
#define JC_NTS ((size_t)-1)

/* The fields of a lead, for jc_lead_set, in the order in which they are sent. */
/* The contact's name; where it is empty, the service says "Dear Friend". */
#define JC_LEAD_NAME "lead_name"
/* The contact's e-mail address; always needed. */
#define JC_LEAD_EMAIL "lead_email"
/* The contact's telephone number. */
#define JC_LEAD_PHONE "lead_phone"
/* The contact's city. */
#define JC_LEAD_CITY "lead_city"
/* Any label to mark the contact with. */
#define JC_LEAD_TAG "tag"
/* The page where the contact lands after confirming. */
#define JC_LEAD_DONEURL2 "doneurl2"
/* "1": the contact must confirm by mail; "0": need not. */
#define JC_LEAD_ACTIVATION "activation"
/* Where the contact came from: the medium; "affiliate" for a contact that a partner sent. */
#define JC_LEAD_UTM_MEDIUM "utm[utm_medium]"
/* The source; with the medium "affiliate", the partner's login. */
#define JC_LEAD_UTM_SOURCE "utm[utm_source]"
/* The campaign. */
#define JC_LEAD_UTM_CAMPAIGN "utm[utm_campaign]"
/* The content. */
#define JC_LEAD_UTM_CONTENT "utm[utm_content]"
/* The term. */
#define JC_LEAD_UTM_TERM "utm[utm_term]"
/* The medium, shown in the partner's cabinet only. */
#define JC_LEAD_AFF_MEDIUM "utm[aff_medium]"
/* The source, shown in the partner's cabinet only. */
#define JC_LEAD_AFF_SOURCE "utm[aff_source]"
/* The campaign, shown in the partner's cabinet only. */
#define JC_LEAD_AFF_CAMPAIGN "utm[aff_campaign]"
/* The content, shown in the partner's cabinet only. */
#define JC_LEAD_AFF_CONTENT "utm[aff_content]"
/* The term, shown in the partner's cabinet only. */
#define JC_LEAD_AFF_TERM "utm[aff_term]"
/* The older form of the partner's mark. */
#define JC_LEAD_AFF "aff"
/* The older form of the advertisement's mark. */
#define JC_LEAD_AD "ad"

/* The settings of a client, for jc_client_set. */
/* The service's domain: justclick.ru, justclick.io or influencersoft.com. Requests go to https://<username>.<service>. Default: justclick.ru. */
#define JC_SETTING_SERVICE "service"
/* The account's own domain or a sandbox, in place of <username>.<service>: https://shop.example. */
#define JC_SETTING_BASE_URL "base_url"
/* "1" lets base_url be http:// on other hosts than this machine. Leads then travel unencrypted. Default: 0. */
#define JC_SETTING_ALLOW_HTTP "allow_http"
/* The longest a connection may take, TLS included, in milliseconds, 1 to 600000. Default: 3000. */
#define JC_SETTING_CONNECT_TIMEOUT_MS "connect_timeout_ms"
/* The longest one attempt may take, in milliseconds, 1 to 600000. Default: 5000. */
#define JC_SETTING_ATTEMPT_TIMEOUT_MS "attempt_timeout_ms"
/* The deadline of the whole call, all attempts and waits included, in milliseconds, 1 to 600000. Default: 10000. */
#define JC_SETTING_TIMEOUT_MS "timeout_ms"
/* How many times a lead is sent at the most, 1 to 10. Default: 3. */
#define JC_SETTING_MAX_ATTEMPTS "max_attempts"
/* A proxy's URL (http://host:port), or "none" for no proxy. Where it is not set, HTTPS_PROXY, ALL_PROXY and NO_PROXY (names, addresses, networks such as 10.0.0.0/8) of the environment count, but never HTTP_PROXY. SOCKS is not supported. */
#define JC_SETTING_PROXY "proxy"
/* A PEM file of certificate authorities to trust instead of the system's. Where it is not set, SSL_CERT_FILE and SSL_CERT_DIR of the environment count, as with OpenSSL. */
#define JC_SETTING_CA_FILE "ca_file"
/* "1" lets all clients of the process that set it share connections, which then outlive a client: for programs that make one for each lead, as PHP does in each request. Default: 0. */
#define JC_SETTING_SHARE_CONNECTIONS "share_connections"
/* The User-Agent header. Default: justclick/0.1.0. */
#define JC_SETTING_USER_AGENT "user_agent"

/* The settings of an outbox, for jc_outbox_set. */
/* What a kept lead survives: "power" is the loss of the host's power as well, at the cost of a write to the disk for each; "crash" the end of the process by any means. Default: power. */
#define JC_OUTBOX_SETTING_DURABILITY "durability"
/* How many leads are kept at the most, 1 to 1000000000. A further one is refused, and none makes room for it. Default: 1000000. */
#define JC_OUTBOX_SETTING_MAX_LEADS "max_leads"
/* After how many days a dead lead goes, 1 to 36500. "0" keeps it until somebody decides. Default: 0. */
#define JC_OUTBOX_SETTING_KEEP_DEAD_DAYS "keep_dead_days"
/* After how many days a lead that cannot be delivered is dead, 1 to 36500. Default: 5. */
#define JC_OUTBOX_SETTING_GIVE_UP_AFTER_DAYS "give_up_after_days"
/* A local path, for an outbox in a database: a lead that the database does not take, since it is away, is kept in an SQLite file there, and the next delivery on this host moves it. A file for each database. */
#define JC_OUTBOX_SETTING_SPOOL "spool"
/* How long a call waits for another that uses the store, in milliseconds, 1 to 600000. Default: 2000. */
#define JC_OUTBOX_SETTING_BUSY_TIMEOUT_MS "busy_timeout_ms"

/* The service's error codes, for jc_result_error_code. New ones may come. */
/* Done. */
#define JC_CODE_OK 0
/* The request has no hash. */
#define JC_CODE_HASH_MISSING 1
/* The request has no parameters. */
#define JC_CODE_DATA_MISSING 2
/* The parameters are wrong. */
#define JC_CODE_WRONG_DATA 3
/* The request's hash is wrong; most often the secret is. */
#define JC_CODE_WRONG_HASH 4
/* The login is missing or unknown. */
#define JC_CODE_INVALID_USERNAME 5
/* This address may not use the account's API. */
#define JC_CODE_ADDRESS_DENIED 6
/* The account is disabled. */
#define JC_CODE_ACCOUNT_DISABLED 7
/* The limit of requests is used up; most often the API is not enabled for the account. */
#define JC_CODE_LIMIT_REACHED 8
/* The e-mail is missing. */
#define JC_CODE_EMAIL_MISSING 100
/* The subscription failed; the text says why. */
#define JC_CODE_SUBSCRIPTION_ERROR 101
/* The contact is already in all the groups given. */
#define JC_CODE_ALREADY_REGISTERED 102
/* A group does not exist. */
#define JC_CODE_INVALID_GROUP 103
/* The group takes nobody by hand. */
#define JC_CODE_SUBSCRIPTION_FORBIDDEN 104
/* The subscriber was not found (GetLeadGroups, GetLeadGroupStatuses). */
#define JC_CODE_SUBSCRIBER_NOT_FOUND 500
/* The group was not found (GetLeadGroups, GetLeadGroupStatuses). */
#define JC_CODE_GROUP_NOT_FOUND 501
/* The group's subscribers were not found (DeleteSubscribe, UpdateSubscriberData). */
#define JC_CODE_GROUP_SUBSCRIBERS_NOT_FOUND 800
/* No subscriber has this address (DeleteSubscribe, UpdateSubscriberData). */
#define JC_CODE_ADDRESS_NOT_FOUND 801


/*
 The values of a jc_status. They are never renumbered.
 */
typedef enum jc_status_code {
  /*
   Done. For jc_add_lead: the service has the contact; jc_result_outcome says more.
   */
  JC_OK = 0,
  /*
   The service answered no; jc_result_error_code and jc_result_message say why.
   */
  JC_REJECTED = 1,
  /*
   The service does not accept the username and secret (its codes 4 and 5).
   */
  JC_NOT_ACCEPTED = 2,
  /*
   An argument breaks a rule; nothing was sent. jc_last_error says which.
   */
  JC_INVALID_ARGUMENT = -1,
  /*
   This version of the library knows no such field or setting; nothing was sent.
   */
  JC_UNKNOWN_NAME = -2,
  /*
   The request did not arrive: no such host, no connection, refused.
   */
  JC_UNREACHABLE = -10,
  /*
   The peer is not known to be who it should be: its certificate is not accepted, the trusted
   certificates cannot be read, or base_url is http:// to another machine.
   */
  JC_TLS = -11,
  /*
   The request may have arrived, and no answer came: a time-out, a lost connection.
   */
  JC_OUTCOME_UNKNOWN = -20,
  /*
   An answer that is not the API's: HTTP 5xx, 429, 3xx, a proxy's page.
   */
  JC_HTTP = -30,
  /*
   An answer that is not the promised JSON, or too large.
   */
  JC_BAD_RESPONSE = -31,
  /*
   An answer that was not written by somebody who knows the secret.
   */
  JC_BAD_SIGNATURE = -32,
  /*
   The outbox could not keep or read leads: the disk is full, a limit is reached, the file is
   damaged, locked for too long, or not to be trusted.
   */
  JC_NOT_STORED = -40,
  /*
   A fault of the library was caught.
   */
  JC_INTERNAL = -90,
} jc_status_code;

/*
 What to do with the lead: the values of jc_result_disposition. They are never renumbered. Keep
 the lead unless it is JC_DONE or JC_REFUSED.
 */
typedef enum jc_disposition {
  /*
   Nothing: the service has the contact. Of a DeleteSubscribe that is rejected: the contact was
   not in the group.
   */
  JC_DONE = 1,
  /*
   The service, or a rule of it, refuses this lead and this lead alone. It will not change.
   */
  JC_REFUSED = 2,
  /*
   Keep the lead and send it again; jc_result_retry_after_ms says when the service wants it.
   */
  JC_LATER = 3,
  /*
   Keep the lead until the account or the set-up is mended. Nothing is wrong with the lead, and
   no other lead of the account will fare better.
   */
  JC_HOLD = 4,
} jc_disposition;

/*
 What became of a request: the values of jc_result_outcome. They are never renumbered.
 */
typedef enum jc_outcome {
  /*
   There is no answer of the service that could be believed; an outbox's function asks for none.
   */
  JC_OUTCOME_NONE = 0,
  /*
   The contact was added.
   */
  JC_ADDED = 1,
  /*
   The contact was added and has been sent a mail to confirm.
   */
  JC_ACTIVATION_SENT = 2,
  /*
   The contact was in all of the groups before.
   */
  JC_ALREADY_REGISTERED = 3,
  /*
   Another function than AddLeadToGroup was carried out.
   */
  JC_ANSWERED = 4,
  /*
   The service said no.
   */
  JC_OUTCOME_REJECTED = 10,
} jc_outcome;

/*
 An account's client: its login, secret, settings and connections. Any number of threads may
 use it at once where a function takes it const. It works in a child made by fork(). Free it with
 jc_free.
 */
typedef struct jc_client jc_client;

/*
 A contact and the groups it is added to. One thread at a time may use it. It may be sent again
 and by other clients. Free it with jc_free.
 */
typedef struct jc_lead jc_lead;

/*
 Keeps leads on this host, or in a database, until the service has them: a lead is kept in a moment,
 and delivered later, by any process that opens the same location.

 Once jc_outbox_add returned JC_OK, the lead survives the end of the process by any means and, with
 the default durability, the loss of power of the host. It is sent at least once. It ends as
 delivered (added, activation sent, or already registered), or as dead with the reason and the
 service's answer, kept until somebody decides. It never ends in silence.

 Any number of threads and processes may use one location at once, and an outbox made before fork()
 works in the child. A location in memory (":memory:") is the process's own. Do not open the file
 with another SQLite library in the same process, such as PHP's pdo_sqlite or Python's sqlite3:
 such a file is refused, since the two would damage it. Free an outbox with jc_free.
 */
typedef struct jc_outbox jc_outbox;

/*
 A signed request. It does not change, so any number of threads may read it, and it owns the
 strings that its accessors return. Free it with jc_free.
 */
typedef struct jc_request jc_request;

/*
 How a call ended. It does not change, so any number of threads may read it, and
 it owns the strings that its accessors return. Free it with jc_free.
 */
typedef struct jc_result jc_result;

/*
 How a call ended; one of the JC_… constants of jc_status_code. Above 0 the service said no,
 below 0 something failed on the way. New values may come: treat an unknown one by its sign.
 */
typedef int32_t jc_status;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of the library that runs, such as "0.1.0". JC_VERSION is the header's.

 The string is static. Any thread may call this at any time.
 */
const char *jc_version(void);

/*
 The number of the binary interface that the library speaks. A program that loads the library
 by itself compares it with JC_ABI_VERSION of its header and refuses another one.
 */
uint32_t jc_abi_version(void);

/*
 The constant's name of a status, such as "JC_UNREACHABLE", for logs; "JC_UNKNOWN_STATUS" for a
 number that this version does not know. The string is static and never NULL.
 */
const char *jc_status_name(jc_status status);

/*
 Whether the same lead can succeed later without a change on this side, as far as the status alone
 tells. jc_result_disposition knows more: a lead that it holds is kept as well.
 */
bool jc_status_is_retryable(jc_status status);

/*
 The message of this thread's last failure, "" if there was none. A success leaves it as it is.

 It is valid UTF-8, cut to 511 bytes where it is longer. The buffer belongs to the thread and
 is written again by its next failure: copy what you want to keep. Never NULL.
 */
const char *jc_last_error(void);

/*
 What to do with the lead, as far as a status alone tells: for a call that made no result. Where
 there is a result, jc_result_disposition knows more. One of the constants of jc_disposition.
 */
int32_t jc_status_disposition(jc_status status);

/*
 An outcome in words, such as "already registered", for logs; "unknown" for a number that this
 version does not know. The string is static and never NULL.
 */
const char *jc_outcome_name(int32_t outcome);

/*
 Makes a client of the account with this login and secret; blanks around both are cut off. It
 opens no connection and reads no file. The caller frees *out, which is NULL where the call fails.

 JC_INVALID_ARGUMENT: the username is no DNS label (1 to 63 of a-z, 0-9 and -), the secret is
 empty, out is NULL.
 */
jc_status jc_client_new(const char *username,
                        size_t username_len,
                        const char *secret,
                        size_t secret_len,
                        struct jc_client **out);

/*
 Sets one of the JC_SETTING_… by its name, before the client is shared with other threads. NULL
 with the length 0 puts its default back.

 JC_UNKNOWN_NAME: no such setting; jc_last_error suggests the nearest. JC_INVALID_ARGUMENT: a
 value that cannot be. The client is then as it was.
 */
jc_status jc_client_set(struct jc_client *client,
                        const char *setting,
                        const char *value,
                        size_t value_len);

/*
 Makes a client of the same account, with the same settings, that shares the connections. It costs
 little: a call that needs another setting, such as a time-out, takes a clone with it. The caller
 frees *out, which is NULL where the call fails.

 JC_INVALID_ARGUMENT: out is NULL.
 */
jc_status jc_client_clone(const struct jc_client *client, struct jc_client **out);

/*
 Has check asked, on the thread of a call, when a signal ends one of its waits and every 50 ms. Where
 it returns another number than 0, the call ends at once, and its result tells whether the lead may
 have arrived. It is for languages that handle signals between two steps of a program, such as
 Python. check may be called for as long as the client is in use, by each thread that uses it; it
 must not free the client. NULL asks nobody.
 */
jc_status jc_client_interrupt(struct jc_client *client,
                              int32_t (*check)(void));

/*
 A new lead without groups and fields; the caller frees it. NULL after an internal fault alone.
 */
struct jc_lead *jc_lead_new(void);

/*
 Adds a group by its symbolic identifier, behind those the lead has.

 JC_INVALID_ARGUMENT: an empty identifier, a NUL byte, bytes that are not UTF-8, more than 900
 groups. The lead is then as it was.
 */
jc_status jc_lead_add_group(struct jc_lead *lead, const char *group, size_t group_len);

/*
 Sets a field by the service's own name: one of the JC_LEAD_… macros, or "rid[0]", "rid[1]", …
 for a group. Setting a field again replaces it. NULL with the length 0 leaves the field out
 again; "" sends it empty. NULL for "rid[]" or "utm[]", an empty array, is nothing. Blanks
 around the e-mail address are cut off.

 JC_UNKNOWN_NAME: no such field; jc_last_error suggests the nearest. JC_INVALID_ARGUMENT: the
 value breaks a rule, which jc_last_error names: a NUL byte, bytes that are not UTF-8, more than
 256 KiB, an address that cannot be one, a flag (JC_LEAD_ACTIVATION) that is not "1" or "0". The
 lead is then as it was.
 */
jc_status jc_lead_set(struct jc_lead *lead, const char *field, const char *value, size_t value_len);

/*
 Sets each field of a JSON object by the service's own name, flat or nested as PHP's arrays are:
 {"rid": ["super"], "lead_email": "lead@email.com", "utm": {"utm_source": "x"}, "activation": true,
 "tag": null}. true is sent as 1, false as 0, an integer as its digits; null leaves a field out.

 JC_UNKNOWN_NAME: no such field. JC_INVALID_ARGUMENT: no such JSON; a name twice; a number with a
 fraction or an exponent; a list or an object where one value belongs; a value that breaks a rule
 of jc_lead_set. The lead is then as it was.
 */
jc_status jc_lead_set_json(struct jc_lead *lead, const char *json, size_t json_len);

/*
 Sets a parameter that this version of the library does not know. It is written after the
 documented ones. NULL with the length 0 as the value leaves it out again.

 JC_INVALID_ARGUMENT: "hash", "rid…", a documented field, and a name that PHP would change when
 it parses the request (with dots, blanks, stray brackets, "[]"), since the service would then
 find another hash.
 */
jc_status jc_lead_set_extra(struct jc_lead *lead,
                            const char *name,
                            size_t name_len,
                            const char *value,
                            size_t value_len);

/*
 Sends the lead and waits for the answer, at most for the setting timeout_ms. Whatever can help
 is tried again within it. Any number of threads may call this with one client.

 JC_OK: the service has the contact; jc_result_outcome says whether it was added now. *out is a
 result also where the call fails, except after JC_INVALID_ARGUMENT and JC_UNKNOWN_NAME, when
 nothing was sent, and JC_INTERNAL: then it is NULL. The caller frees it. out may be NULL.
 */
jc_status jc_add_lead(const struct jc_client *client,
                      const struct jc_lead *lead,
                      struct jc_result **out);

/*
 Signs the lead without sending it, for a program that has an event loop or an HTTP stack of its
 own. The caller frees *out, which is NULL where the call fails.

 JC_INVALID_ARGUMENT: the lead has no group or no e-mail address, or breaks another rule. JC_TLS:
 base_url is http:// to another machine, and allow_http is not set.
 */
jc_status jc_sign_lead(const struct jc_client *client,
                       const struct jc_lead *lead,
                       struct jc_request **out);

/*
 Calls any function of the API by its name, which is case-sensitive: "GetAllGroups". params is a
 JSON object of its parameters, in the order in which they are sent: lists and objects become
 name[key] as in PHP, true is 1, false 0, an integer its digits, null is left out. NULL with the
 length 0 is no parameters.

 Only a function named Get…, and AddLeadToGroup, is tried again after a lost answer; others where
 the request cannot have arrived. Waiting, statuses and *out are those of jc_add_lead.
 jc_result_json is the answer's result, which its hash does not cover.

 JC_INVALID_ARGUMENT: no such JSON; a number with a fraction or an exponent; a name twice, or one
 that PHP would change; "hash"; a parameter that the function needs is missing or empty, such as
 the group of DeleteSubscribe.
 */
jc_status jc_call(const struct jc_client *client,
                  const char *function,
                  size_t function_len,
                  const char *params,
                  size_t params_len,
                  struct jc_result **out);

/*
 Signs a call without sending it. Parameters and failures are those of jc_call. The caller frees
 *out, which is NULL where the call fails.
 */
jc_status jc_sign_call(const struct jc_client *client,
                       const char *function,
                       size_t function_len,
                       const char *params,
                       size_t params_len,
                       struct jc_request **out);

/*
 Reads the body of an answer to a request of jc_sign_lead and believes it only if its hash is
 right. Statuses and *out are those of jc_add_lead. The answer to a request of jc_sign_call is
 verified as well, and its code 0 has the outcome JC_ADDED, whatever the function did.
 */
jc_status jc_verify_answer(const struct jc_client *client,
                           const char *body,
                           size_t body_len,
                           struct jc_result **out);

/*
 Opens the outbox at a location: a path, "sqlite:PATH", or ":memory:" for one that ends with the
 handle. The file is made where there is none, readable by its owner alone. The caller frees *out,
 which is NULL where the call fails.

 A library that is built with it takes a database of PostgreSQL or of MySQL and MariaDB, which
 any number of hosts share: "postgres://USER:PASSWORD@HOST:PORT/DATABASE" and
 "mysql://USER:PASSWORD@HOST:PORT/DATABASE". REFERENCE.md has the parameters and the rights that
 are needed. It is connected to at the first use, since it may be away, and the tables are made
 then: jc_outbox_status tells whether it can be used.

 "sqlite:PATH?tables=site" is a file of the site's own, which must be there, and gets our tables beside
 the site's, for jc_outbox_statement. The file is open during a call alone, and a call is JC_NOT_STORED
 where another SQLite library of this process has it open: another process delivers.

 JC_NOT_STORED: the file cannot be opened, is another program's, is damaged, or lies on a file
 system that cannot be trusted with it. JC_INVALID_ARGUMENT: no location, a URL that cannot be,
 or an engine that this library does not know.
 */
jc_status jc_outbox_open(const char *location,
                         size_t location_len,
                         struct jc_outbox **out);

/*
 Sets one of the JC_OUTBOX_SETTING_… by its name, before the outbox is shared with other threads.
 NULL with the length 0 puts its default back.

 JC_UNKNOWN_NAME: no such setting. JC_INVALID_ARGUMENT: a value that cannot be. The outbox is then
 as it was.
 */
jc_status jc_outbox_set(struct jc_outbox *outbox,
                        const char *setting,
                        const char *value,
                        size_t value_len);

/*
 Keeps a lead for the client's account: it is kept when this returns JC_OK. Nothing is asked of the
 network but a database that the outbox is in. *id is the lead's number; id may be NULL. Where the
 database takes no lead, and JC_OUTBOX_SETTING_SPOOL is set, the lead is kept in the spool, and
 *id is 0: it has no number before it is moved.

 key tells the lead from the account's others while it waits, such as an order's number, 1 to 256
 bytes. NULL with the length 0 takes one that is made of the lead itself. Where the key waits
 already, nothing is added and *id is that of the lead that is there.

 JC_INVALID_ARGUMENT: the lead or the key breaks a rule. JC_TLS: base_url is http:// to another
 machine, and allow_http is not set. JC_NOT_STORED: it is not kept, since the disk or the outbox is
 full, or the store cannot be used; jc_last_error says what to do. It comes within
 JC_OUTBOX_SETTING_BUSY_TIMEOUT_MS, and where there is a spool within twice that time.
 */
jc_status jc_outbox_add(const struct jc_outbox *outbox,
                        const struct jc_client *client,
                        const struct jc_lead *lead,
                        const char *key,
                        size_t key_len,
                        int64_t *id);

/*
 Delivers what is due for the client's account; blocks until then. Each lead is sent once, and waits
 for a later run where that failed. The run ends where nothing more is due, a limit is reached, or
 the account has to wait. Leads of all accounts that are in the spool are moved into the database
 first, so each host that has a spool delivers.

 limits is a JSON object, NULL with the length 0 for none: {"seconds": 5, "leads": 100, "in_flight":
 limits is a JSON object, NULL with the length 0 for none: {"seconds": 5, "leads": 100, "in_flight":
 8, "per_second": 20, "id": 17, "alone": true}. After "seconds" no further lead is begun; "leads" is
 how many are sent at the most; "in_flight" how many are sent side by side, 1 to 256, each by a thread
 that ends with the call and has all signals blocked; "per_second" how many are begun in a second,
 0.001 to 1000000; "id" sends that lead alone, and 0 is no limit. With "alone" nothing is begun where
 another process or thread has a lead of the account on its way: that one goes on with what is due;
 and where the database was away a moment ago.

 JC_OK whatever became of the leads: jc_result_json is the report, jc_result_message the same for
 people. {"delivered": 12, "known": 2, "repeated": 0, "dead": 1, "later": 2, "overtaken": 0, "held":
 null, "held_by": null, "next_due_s": 7.5, "moved": 3, "unmoved": null}: "known" of the delivered ones
 were in all of their groups before; "repeated" ones may have been sent twice; "dead" ones are refused
 for good, and kept; "later" ones are tried again; "overtaken" ones took longer than their lease, so
 that another process tells of them; "held" says why the account has to wait, and "held_by" what to
 do: "later" to wait, "hold" to mend the account, its credentials or TLS; a further run has something
 to do after "next_due_s". "moved" ones came out of the spool, and "unmoved" says why some stay there.

 JC_NOT_STORED: the store cannot be used. A client of jc_client_interrupt can end the run. *out is
 as with jc_add_lead.
 */
jc_status jc_outbox_deliver(const struct jc_outbox *outbox,
                            const struct jc_client *client,
                            const char *limits,
                            size_t limits_len,
                            struct jc_result **out);

/*
 How much there is, and what became of the rest. It costs the same however many leads wait.

 jc_result_json is {"waiting": 3, "leased": 0, "dead": 1, "delivered": 120, "dropped": 0,
 "spooled": 0, "oldest_waiting_s": 42, "next_due_s": 7, "accounts": [{"account": "…",
 "held_until": 1790000000, "held_for_s": 30, "reason": "…"}]}. Each lead that was ever added is in
 one of the first six; "spooled" are those in the spool. "accounts" has those that have to wait,
 with the moment in seconds since 1970.

 JC_NOT_STORED: the store cannot be used. *out is as with jc_add_lead.
 */
jc_status jc_outbox_status(const struct jc_outbox *outbox, struct jc_result **out);

/*
 The leads of a selection by their numbers, without those in the spool.

 which is a JSON object, NULL with the length 0 for all: {"state": "dead", "account": "…", "ids":
 [1, 2], "after": 0, "limit": 100, "with_leads": true}. "state" is waiting, leased or dead; "after"
 leaves out numbers up to this one; "limit" is 100 where it is not given.

 jc_result_json is a list of {"id": 1, "account": "…", "key": "…", "state": "dead", "attempts": 3,
 "age_s": 60, "due_in_s": 0, "reason": "…", "error_code": 103, "error_text": "…"}. Where "with_leads"
 asks for it, "lead" has the fields: somebody's personal data.

 JC_INVALID_ARGUMENT: which breaks a rule. JC_NOT_STORED: the store cannot be used. *out is as with
 jc_add_lead.
 */
jc_status jc_outbox_list(const struct jc_outbox *outbox,
                         const char *which,
                         size_t which_len,
                         struct jc_result **out);

/*
 Lets the dead leads of a selection wait again, with no attempts made, and ends the waits of their
 accounts. which is that of jc_outbox_list; "state" and "with_leads" change nothing.

 jc_result_json is {"retried": 2}. Statuses and *out are those of jc_outbox_list.
 */
jc_status jc_outbox_retry(const struct jc_outbox *outbox,
                          const char *which,
                          size_t which_len,
                          struct jc_result **out);

/*
 Drops the leads of a selection for good, but those that are on their way. which is that of
 jc_outbox_list, and needs "ids" or "state".

 jc_result_json is {"dropped": 2}. Statuses and *out are those of jc_outbox_list.
 */
jc_status jc_outbox_drop(const struct jc_outbox *outbox,
                         const char *which,
                         size_t which_len,
                         struct jc_result **out);

/*
 Keeps what can be read of a damaged SQLite file, which is not changed: leads that waited or were dead
 wait in outbox. Some may have been delivered before; the service then says that it knows them. Nobody
 may use the damaged file meanwhile. It may be done again. A whole file is read as well, such as one
 whose leads move into a database.

 jc_result_json is {"leads": 120, "lost": 1}: "lost" rows were there, but could not be read as a
 whole. JC_NOT_STORED: the file cannot be read, or leads cannot be kept. *out is as with jc_add_lead.
 */
jc_status jc_outbox_salvage(const struct jc_outbox *outbox,
                            const char *damaged,
                            size_t damaged_len,
                            struct jc_result **out);

/*
 The statements that keep a lead as jc_outbox_add does, but on a connection of the caller's own, within
 its transaction: an order and its lead are committed together, or neither is. Nothing is kept and no
 database is asked here.

 engine is "sqlite", "postgres" or "mysql" (MariaDB too), whether or not this library was built with
 it. key is that of jc_outbox_add.

 jc_result_json is {"statements": [{"sql": "…", "parameters": ["…", "…"]}]}, which holds the lead's
 data. Execute them one after the other, with the texts in place of each "?"; none has a result. The
 SQL has no "%" and no ":", and "?" for parameters alone, so that a driver with other placeholders
 needs no more than their exchange. The connection's database must have the outbox's tables, which
 jc_outbox_open makes: with "sqlite:PATH?tables=site" in an SQLite file of the site's own.

 A key that waits already is left as it is. What the lead survives is what the caller's commit
 survives, and "max_leads" is not looked at. In MySQL the last insert id is another one afterwards.

 Begin the transaction again, the order too, where a key that came after its first look makes the
 database refuse the statement: PostgreSQL with SQLSTATE 40001, from "repeatable read" on; MariaDB with
 error 1020, where innodb_snapshot_isolation is on, as it is by default from 11.6.2 on.

 JC_INVALID_ARGUMENT: no such engine, or the lead or the key breaks a rule. JC_TLS is as with
 jc_outbox_add, and *out as with jc_add_lead.
 */
jc_status jc_outbox_statement(const char *engine,
                              size_t engine_len,
                              const struct jc_client *client,
                              const struct jc_lead *lead,
                              const char *key,
                              size_t key_len,
                              struct jc_result **out);

/*
 The address to POST to. The string lives as long as the request. "" for what is no request.
 */
const char *jc_request_url(const struct jc_request *request);

/*
 The body, to be sent byte for byte as application/x-www-form-urlencoded. The string lives as
 long as the request. "" for what is no request.
 */
const char *jc_request_body(const struct jc_request *request);

/*
 The status that the call returned together with this result; JC_INVALID_ARGUMENT for what is
 no result.
 */
jc_status jc_result_status(const struct jc_result *result);

/*
 What became of the lead; one of the constants of jc_outcome.
 */
int32_t jc_result_outcome(const struct jc_result *result);

/*
 The service's error code, one of the JC_CODE_… macros or a newer one; -1 where there was no
 answer. For a code 0 whose text belongs to another code, it is that other code.
 */
int32_t jc_result_error_code(const struct jc_result *result);

/*
 The service's text, perhaps in Russian: decide by the code. "" where there was no answer. The
 string lives as long as the result. A NUL byte in it is shown as U+FFFD.
 */
const char *jc_result_error_text(const struct jc_result *result);

/*
 The member "result" of the service's answer as JSON, "" where the answer has none. The answer's
 hash does not cover it. Of an outbox's function it is what that function says. The string lives as
 long as the result.
 */
const char *jc_result_json(const struct jc_result *result);

/*
 For people: what happened, on which value, and what to do. It holds neither the secret nor the
 lead's data. The string lives as long as the result. Never NULL.
 */
const char *jc_result_message(const struct jc_result *result);

/*
 How many times the lead was sent, or tried to be.
 */
uint32_t jc_result_attempts(const struct jc_result *result);

/*
 Whether the service may have the lead, whatever the status says.
 */
bool jc_result_may_have_arrived(const struct jc_result *result);

/*
 How long the service asked to wait before the next try, in milliseconds; 0 where it did not.
 */
uint32_t jc_result_retry_after_ms(const struct jc_result *result);

/*
 Everything that the other accessors say, as one JSON object:

 {"status": 0, "outcome": 1, "disposition": 1, "error_code": 0, "error_text": "OK", "result": null,
 "message": "…", "attempts": [{"ms": 12, "address": "192.0.2.1:443", "error": null}],
 "may_have_arrived": true, "unsure": false, "retry_after_ms": 0}

 "result" is the member of the answer, which its hash does not cover. "attempts" has each sending
 of the request: how many milliseconds it took, where it went, and why it failed. "unsure" is true
 where the outcome is the likelier of two, since an earlier copy of the request may have arrived.
 The string lives as long as the result.
 */
const char *jc_result_to_json(const struct jc_result *result);

/*
 What to do with the lead; one of the constants of jc_disposition. JC_LATER for what is no result:
 jc_status_disposition tells more then.
 */
int32_t jc_result_disposition(const struct jc_result *result);

/*
 Frees a handle of any type, and the strings that it owns. NULL is nothing. Free each handle
 once, and not while another thread uses it; what is no handle is left alone, and jc_last_error
 says so. In a child made by fork(), freeing a client or an outbox of the parent's touches none of
 its connections.
 */
void jc_free(void *handle);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* JUSTCLICK_H */

<?php

declare(strict_types=1);

namespace JustClick;

use FFI\CData;
use JustClick\Exception\JustClickException;
use JustClick\Exception\Rejected;
use Psr\Log\LoggerInterface;

/**
 * An account's client: adds leads to the account's groups, and calls the API's other functions.
 *
 *     $client = new JustClick\Client('username', 'secret');
 *     $client->addLead(['rid[0]' => 'super', 'lead_email' => 'lead@email.com']);
 *
 * Making one opens no connection. Connections belong to the PHP process and not to the client, so
 * that the next request of the same worker goes on with them.
 *
 * Each method that asks the service waits at most for the setting `timeout_ms`, and throws
 * {@see Exception\InvalidArgument} where something breaks a rule and nothing was sent,
 * {@see Exception\Rejected} where the service said no, {@see Exception\NotAccepted} where it does
 * not accept username and secret, and other {@see JustClickException}s where it failed on the way.
 */
final class Client
{
    private readonly Library $library;
    private ?CData $handle;

    /**
     * @param string $username The account's login; blanks around it and the secret are cut off.
     * @param string $secret The secret of the account's API settings.
     * @param array{
     *     service?: ?string,
     *     base_url?: ?string,
     *     allow_http?: bool|int|string|null,
     *     connect_timeout_ms?: int|string|null,
     *     attempt_timeout_ms?: int|string|null,
     *     timeout_ms?: int|string|null,
     *     max_attempts?: int|string|null,
     *     proxy?: ?string,
     *     ca_file?: ?string,
     *     share_connections?: bool|int|string|null,
     *     user_agent?: ?string,
     * } $settings The library's settings by their names; null is the default.
     * @param ?LoggerInterface $logger Is told of each call in one line without personal data, at the
     *     level debug; at warning where the lead has to be kept.
     *
     * @throws Exception\InvalidArgument for a username that is no DNS label, an empty secret, a
     *     setting that does not exist or cannot have this value
     * @throws Exception\LibraryNotUsable where the library cannot be loaded
     */
    public function __construct(
        #[\SensitiveParameter] string $username,
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] array $settings = [],
        private readonly ?LoggerInterface $logger = null,
    ) {
        $this->library = Library::open();
        // A request makes its client and ends; without sharing its connection would end as well.
        $settings += ['share_connections' => '1'];
        $this->handle = $this->library->newClient($username, $secret, $settings);
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->library->free($this->handle);
            $this->handle = null;
        }
    }

    /**
     * Sends the lead and waits for the answer. Whatever can help is tried again within the deadline.
     *
     * @param Lead|array<array-key, mixed> $lead A typed lead, or the service's own names:
     *     `['rid[0]' => 'super', 'lead_email' => …]`, also nested as forms are:
     *     `['rid' => ['super'], 'utm' => ['utm_source' => 'direct']]`. Null leaves a field out.
     * @param array<string, string|int|bool|null> $extra Parameters that the library does not know.
     * @return Result The service has the contact.
     *
     * @throws JustClickException whose disposition() says what to do with the lead
     */
    public function addLead(
        #[\SensitiveParameter] Lead|array $lead,
        #[\SensitiveParameter] array $extra = [],
    ): Result {
        $client = $this->openHandle();
        try {
            $json = Values::json($lead instanceof Lead ? $lead->fields() : $lead);
            $extra += $lead instanceof Lead ? $lead->extra : [];
            $result = $this->library->addLead($client, $json, $extra);
        } catch (JustClickException $failure) {
            if ($this->logger !== null) {
                Log::failure($this->logger, 'AddLeadToGroup', $failure);
            }
            throw $failure;
        }
        if ($this->logger !== null) {
            Log::result($this->logger, 'AddLeadToGroup', $result);
        }
        return $result;
    }

    /**
     * Signs the lead without sending it. Parameters are those of addLead().
     *
     * @param Lead|array<array-key, mixed> $lead
     * @param array<string, string|int|bool|null> $extra
     *
     * @throws Exception\InvalidArgument where the lead breaks a rule
     */
    public function sign(
        #[\SensitiveParameter] Lead|array $lead,
        #[\SensitiveParameter] array $extra = [],
    ): Request {
        $client = $this->openHandle();
        $json = Values::json($lead instanceof Lead ? $lead->fields() : $lead);
        return $this->library->signLead($client, $json, $extra + ($lead instanceof Lead ? $lead->extra : []));
    }

    /**
     * Reads the body of an answer to a request of sign(), and believes it only if its hash is
     * right. Returns and throws as addLead() does.
     *
     * @throws JustClickException
     */
    public function verify(string $body): Result
    {
        $client = $this->openHandle();
        return $this->library->verify($client, $body);
    }

    /**
     * Calls any function of the API. Only functions named Get… and AddLeadToGroup are tried again
     * where an answer was lost.
     *
     * @param string $function Its name, which is case-sensitive: "GetAllGroups".
     * @param array<array-key, mixed> $params Its parameters in the order in which they are sent.
     * @return Result The answer, whose member "result" no hash covers.
     *
     * @throws JustClickException
     */
    public function call(string $function, #[\SensitiveParameter] array $params = []): Result
    {
        $client = $this->openHandle();
        try {
            $result = $this->library->call($client, $function, Values::json($params));
        } catch (JustClickException $failure) {
            if ($this->logger !== null) {
                Log::failure($this->logger, $function, $failure);
            }
            throw $failure;
        }
        if ($this->logger !== null) {
            Log::result($this->logger, $function, $result);
        }
        return $result;
    }

    /**
     * All groups of the account.
     *
     * @return list<Group>
     * @throws JustClickException
     */
    public function groups(): array
    {
        return Contacts::groups($this->call('GetAllGroups'));
    }

    /**
     * How a contact stands in each of its groups. The service rejects an unknown one with code 500.
     *
     * @return list<Membership>
     * @throws JustClickException
     */
    public function statuses(#[\SensitiveParameter] string $email): array
    {
        return Contacts::memberships($this->call('GetLeadGroupStatuses', ['email' => $email]));
    }

    /**
     * Changes what the service knows of a contact; null leaves a value as it is.
     *
     * @param ?string $tags The contact's labels, separated by commas.
     *
     * @throws JustClickException
     */
    public function updateLead(
        #[\SensitiveParameter] string $email,
        #[\SensitiveParameter] ?string $name = null,
        #[\SensitiveParameter] ?string $phone = null,
        #[\SensitiveParameter] ?string $city = null,
        #[\SensitiveParameter] ?string $tags = null,
    ): Result {
        return $this->call('UpdateSubscriberData', [
            'lead_email' => $email,
            'lead_name' => $name,
            'lead_phone' => $phone,
            'lead_city' => $city,
            'lead_tags' => $tags,
        ]);
    }

    /**
     * Takes a contact out of a group.
     *
     * @return bool Whether the contact was in it.
     *
     * @throws JustClickException
     */
    public function unsubscribe(#[\SensitiveParameter] string $email, #[\SensitiveParameter] string $group): bool
    {
        try {
            $this->call('DeleteSubscribe', ['lead_email' => $email, 'rass_name' => $group]);
            return true;
        } catch (Rejected $failure) {
            return $failure->disposition() === Disposition::Done ? false : throw $failure;
        }
    }

    /**
     * How many contacts there are.
     *
     * @param string $group A group; 'unique' counts the account's contacts, 'all' each once for each
     *     of its groups.
     *
     * @throws JustClickException
     */
    public function count(#[\SensitiveParameter] string $group): int
    {
        return Contacts::number($this->call('GetCountSubscribe', ['group_name' => $group]));
    }

    /**
     * Its handle and its log, for an outbox.
     *
     * @internal
     *
     * @return array{CData, ?LoggerInterface}
     */
    public function lent(): array
    {
        return [$this->openHandle(), $this->logger];
    }

    private function openHandle(): CData
    {
        return $this->handle ?? throw Exception\InvalidArgument::of('this client is closed; make a new one');
    }

    /** A copy would free the same handle twice. */
    private function __clone(): void
    {
    }

    /** @throws \LogicException always: a client holds a secret and connections */
    public function __serialize(): never
    {
        throw new \LogicException('a JustClick\Client cannot be serialized');
    }

    /**
     * @param array<array-key, mixed> $data
     * @throws \LogicException always, so that stored text makes no client
     */
    public function __unserialize(array $data): never
    {
        throw new \LogicException('a JustClick\Client cannot be unserialized');
    }

    /** @return array{} */
    public function __debugInfo(): array
    {
        return [];
    }
}

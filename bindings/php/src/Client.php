<?php

declare(strict_types=1);

namespace JustClick;

use FFI\CData;

/**
 * An account's client: adds leads to the account's groups.
 *
 *     $client = new JustClick\Client('username', 'secret');
 *     $client->addLead(['rid[0]' => 'super', 'lead_email' => 'lead@email.com']);
 *
 * Making one opens no connection. Connections belong to the PHP process and not to the client, so
 * that the next request of the same worker goes on with them.
 */
final class Client
{
    private readonly Library $library;
    private ?CData $handle;

    /**
     * @param string $username The account's login; blanks around it and the secret are cut off.
     * @param string $secret The secret of the account's API settings.
     * @param array<string, string|int|bool|null> $settings The library's settings by their names:
     *     `['timeout_ms' => 5000, 'ca_file' => '/etc/ssl/own.pem']`; null is the default.
     *
     * @throws Exception\InvalidArgument for a username that is no DNS label, an empty secret, a
     *     setting that does not exist or cannot have this value
     * @throws Exception\LibraryNotUsable where the library cannot be loaded
     */
    public function __construct(
        #[\SensitiveParameter] string $username,
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] array $settings = [],
    ) {
        $this->library = Library::open();
        $handle = $this->library->newClient($username, $secret);
        try {
            // A request makes its client and ends; without this its connection would end as well.
            foreach ($settings + ['share_connections' => true] as $name => $value) {
                $text = Fields::text((string) $name, $value);
                $this->library->setClient($handle, Fields::checkedName((string) $name), $text);
            }
        } catch (\Throwable $failure) {
            // PHP calls no destructor where the constructor throws.
            $this->library->free($handle);
            throw $failure;
        }
        $this->handle = $handle;
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->library->free($this->handle);
            $this->handle = null;
        }
    }

    /**
     * Sends the lead and waits for the answer, at most for the setting `timeout_ms`. Whatever can
     * help is tried again within it.
     *
     * @param Lead|array<array-key, mixed> $lead A typed lead, or the service's own names:
     *     `['rid[0]' => 'super', 'lead_email' => …]`, also nested as forms are:
     *     `['rid' => ['super'], 'utm' => ['utm_source' => 'direct']]`. Null leaves a field out.
     * @return Result The service has the contact.
     *
     * @throws Exception\InvalidArgument where the lead breaks a rule; nothing was sent
     * @throws Exception\Rejected where the service said no
     * @throws Exception\NotAccepted where it does not accept username and secret
     * @throws Exception\JustClickException where it failed on the way; see its subclasses
     */
    public function addLead(#[\SensitiveParameter] Lead|array $lead): Result
    {
        $client = $this->openHandle();
        $handle = $this->library->newLead($lead);
        try {
            return $this->library->addLead($client, $handle);
        } finally {
            $this->library->free($handle);
        }
    }

    /**
     * Signs the lead without sending it.
     *
     * @param Lead|array<array-key, mixed> $lead As for addLead().
     *
     * @throws Exception\InvalidArgument where the lead breaks a rule
     */
    public function sign(#[\SensitiveParameter] Lead|array $lead): Request
    {
        $client = $this->openHandle();
        $handle = $this->library->newLead($lead);
        try {
            return $this->library->sign($client, $handle);
        } finally {
            $this->library->free($handle);
        }
    }

    /**
     * Reads the body of an answer to a request of sign(), and believes it only if its hash is
     * right. Returns and throws as addLead() does.
     *
     * @throws Exception\JustClickException
     */
    public function verify(string $body): Result
    {
        $client = $this->openHandle();
        return $this->library->verify($client, $body);
    }

    private function openHandle(): CData
    {
        return $this->handle ?? throw Exception\InvalidArgument::of('this client is closed; make a new one');
    }

    /** A copy would free the same handle twice. */
    private function __clone()
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

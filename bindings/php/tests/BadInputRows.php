<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\BadAnswer;
use JustClick\Exception\ForgedAnswer;
use JustClick\Exception\InvalidArgument;
use JustClick\Exception\TlsFailure;
use JustClick\Group;
use JustClick\Lead;
use JustClick\Membership;
use JustClick\Subscription;
use Psr\Log\LoggerInterface;

/** The calls of {@see BadInputTest}, by what they call and how it is wrong. */
final class BadInputRows
{
    private const ADDRESS = BadInput::ADDRESS;

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    public static function all(): iterable
    {
        yield from self::clientRows();
        yield from self::settingRows();
        yield from self::leadRows();
        yield from self::methodRows();
        yield from self::callRows();
        yield from self::closedRows();
        yield from self::propertyRows();
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function clientRows(): iterable
    {
        $usual = ['username' => 'username', 'secret' => 'Geheimnis'];
        $new = static fn (array $given) => static fn (Client $client, Sandbox $sandbox) => (new Client(
            ...$given + $usual + ['settings' => ['base_url' => $sandbox->url]],
        ))->addLead(BadInput::GOOD);
        foreach (['username' => BadInput::usernames(), 'secret' => BadInput::secrets()] as $name => $wrong) {
            foreach ($wrong as $how => [$value, $rule]) {
                yield "Client::__construct(\${$name}) {$how}"
                    => [$new([$name => $value]), InvalidArgument::class, ["{$name}: ", $rule]];
            }
        }
        $types = ['username' => 'string', 'secret' => 'string', 'settings' => 'array'];
        $types['logger'] = '?' . LoggerInterface::class;
        foreach ($types as $name => $type) {
            foreach (self::othersThan($type, $name === 'logger' ? 'shop' : 'jemand') as $how => $value) {
                yield "Client::__construct(\${$name}) {$how}"
                    => [$new([$name => $value]), \TypeError::class, ["(\${$name}) must be of type {$type}"]];
            }
        }
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function settingRows(): iterable
    {
        $new = static fn (array $settings) => static function (Client $client, Sandbox $sandbox) use ($settings): void {
            // The file is needed before it shows that the sandbox speaks no TLS.
            $url = isset($settings['ca_file']) ? str_replace('http:', 'https:', $sandbox->url) : $sandbox->url;
            (new Client('username', Sandbox::SECRET, $settings + ['base_url' => $url]))->addLead(BadInput::GOOD);
        };
        foreach (BadSettings::known() as $name => $wrong) {
            foreach ($wrong + BadSettings::forEach() as $how => [$value, $rule]) {
                // What a file or an address is found to be when a lead is sent concerns all leads.
                $found = '/No such file|it is a (folder|device)|no certificate|set allow_http/';
                $isFound = preg_match($found, $rule) === 1;
                yield "Client::__construct(\$settings)[{$name}] {$how}"
                    => [$new([$name => $value]), $isFound ? TlsFailure::class : InvalidArgument::class, [$name, $rule]];
            }
        }
        foreach (BadSettings::unknown() as $how => [$settings, $rule]) {
            yield "Client::__construct(\$settings) {$how}" => [$new($settings), InvalidArgument::class, [$rule]];
        }
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function leadRows(): iterable
    {
        $add = static fn (array $given) => static fn (Client $client) => $client->addLead(
            new Lead(...$given + ['email' => self::ADDRESS, 'groups' => ['super']]),
        );
        foreach ((new \ReflectionMethod(Lead::class, '__construct'))->getParameters() as $parameter) {
            $name = $parameter->getName();
            $type = (string) $parameter->getType();
            $isPrivate = in_array($name, ['email', 'name', 'phone', 'city', 'extra'], true);
            foreach (self::othersThan($type, $isPrivate ? 'jemand' : 'shop') as $how => $value) {
                yield "Lead::__construct(\${$name}) {$how}"
                    => [$add([$name => $value]), \TypeError::class, ["(\${$name}) must be of type {$type}"]];
            }
            $wrong = match (true) {
                $name === 'groups' => BadInput::groups(),
                $name === 'extra' => BadInput::extras(),
                $type === '?bool' => [],
                default => BadInput::texts() + ['over-long' => BadInput::overLong()],
            };
            $wrong += $name === 'email' ? BadInput::emails() : [];
            // The service's own name, which the typed one is a part of.
            $says = strtolower((string) preg_replace('/[A-Z]/', '_$0', $type === 'array' ? '' : $name));
            foreach ($wrong as $how => [$value, $rule]) {
                yield "Lead::__construct(\${$name}) {$how}"
                    => [$add([$name => $value]), InvalidArgument::class, [$rule, $says]];
            }
        }
        yield 'Lead::__construct($groups) not given'
            => [static fn () => new Lead('jemand@b.ru'), \ArgumentCountError::class, ['at least 2 expected']];
        yield 'Lead::__construct($name) mistyped'
            => [static fn () => new Lead('jemand@b.ru', ['g'], nmae: 'x'), \Error::class, ['parameter $nmae']];
        $again = static fn () => self::lead()->__construct('jemand', []);
        yield 'Lead::__construct($email) a second time' => [$again, \Error::class, ['JustClick\Lead::$email']];
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function methodRows(): iterable
    {
        foreach (['addLead', 'sign'] as $method) {
            $give = static fn (mixed $lead) => static fn (Client $client) => $client->$method($lead);
            foreach (self::othersThan('array') as $how => $value) {
                yield "Client::{$method}(\$lead) {$how}"
                    => [$give($value), \TypeError::class, ['($lead) must be of type JustClick\Lead|array']];
            }
            foreach (BadInput::arrays() + self::fields() as $how => [$value, $rule]) {
                yield "Client::{$method}(\$lead) {$how}" => [$give($value), InvalidArgument::class, [$rule]];
            }
        }
        $verify = static fn (mixed $body) => static fn (Client $client) => $client->verify($body);
        foreach (self::othersThan('string', 'answer') as $how => $value) {
            yield "Client::verify(\$body) {$how}"
                => [$verify($value), \TypeError::class, ['($body) must be of type string']];
        }
        foreach (BadInput::bodies() as $how => [$value, $rule]) {
            yield "Client::verify(\$body) {$how}" => [$verify($value), BadAnswer::class, [$rule]];
        }
        yield 'Client::verify($body) of another' => [$verify(BadInput::ANSWER), ForgedAnswer::class, ['hash']];
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function callRows(): iterable
    {
        $given = [
            'addLead($extra)' => static fn (mixed $value) => [BadInput::GOOD, $value],
            'sign($extra)' => static fn (mixed $value) => [BadInput::GOOD, $value],
            'call($function)' => static fn (mixed $value) => [$value],
            'call($params)' => static fn (mixed $value) => ['GetAllGroups', $value],
            'count($group)' => static fn (mixed $value) => [$value],
            'statuses($email)' => static fn (mixed $value) => [$value],
            'unsubscribe($email)' => static fn (mixed $value) => [$value, 'super'],
            'unsubscribe($group)' => static fn (mixed $value) => [self::ADDRESS, $value],
            'updateLead($email)' => static fn (mixed $value) => [$value],
            'updateLead($name)' => static fn (mixed $value) => [self::ADDRESS, $value],
            'updateLead($phone)' => static fn (mixed $value) => [self::ADDRESS, null, $value],
            'updateLead($city)' => static fn (mixed $value) => [self::ADDRESS, null, null, $value],
            'updateLead($tags)' => static fn (mixed $value) => [self::ADDRESS, null, null, null, $value],
        ];
        foreach ($given as $what => $arguments) {
            [$method, $name] = explode('($', rtrim($what, ')'));
            $type = (string) (new \ReflectionParameter([Client::class, $method], $name))->getType();
            $use = static fn (mixed $value) => static fn (Client $client) => $client->$method(...$arguments($value));
            foreach (self::othersThan($type, $name === 'function' ? 'shop' : 'jemand') as $how => $value) {
                yield "Client::{$what} {$how}" => [$use($value), \TypeError::class, ["must be of type {$type}"]];
            }
            foreach (BadInput::parts($name, $type) as $how => [$value, $rule]) {
                yield "Client::{$what} {$how}" => [$use($value), InvalidArgument::class, [$rule]];
            }
        }
    }

    /**
     * Each field by the service's own name.
     *
     * @return array<string, array{mixed, string}>
     */
    public static function fields(): array
    {
        $rows = [];
        $wrong = BadInput::noTexts() + BadInput::texts() + BadInput::lists() + ['over-long' => BadInput::overLong()];
        foreach (array_diff(array_keys(self::lead()->fields()), ['rid']) as $name) {
            foreach ($wrong as $how => [$value, $rule]) {
                $rows["{$name}: {$how}"] = [[$name => $value] + BadInput::GOOD, "{$name}: {$rule}"];
            }
        }
        return $rows;
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function closedRows(): iterable
    {
        $uses = [
            'addLead($lead)' => static fn (Client $client) => $client->addLead(BadInput::GOOD),
            'sign($lead)' => static fn (Client $client) => $client->sign(BadInput::GOOD),
            'verify($body)' => static fn (Client $client) => $client->verify(BadInput::ANSWER),
            'call($function)' => static fn (Client $client) => $client->call('GetAllGroups'),
        ];
        foreach ($uses as $what => $use) {
            $closed = static function (Client $client, Sandbox $sandbox) use ($use): void {
                $client = new Client('username', Sandbox::SECRET, ['base_url' => $sandbox->url]);
                $client->__destruct();
                $use($client);
            };
            yield "Client::{$what} closed" => [$closed, InvalidArgument::class, ['this client is closed']];
            $empty = static fn () => $use((new \ReflectionClass(Client::class))->newInstanceWithoutConstructor());
            yield "Client::{$what} never opened" => [$empty, InvalidArgument::class, ['this client is closed']];
        }
        $again = static fn (Client $client) => $client->__construct('other', 'Geheimnis');
        yield 'Client::__construct($username) a second time' => [$again, \Error::class, ['JustClick\Client::$logger']];
        $copy = static fn (Client $client) => clone $client;
        yield 'Client::__clone() a client' => [$copy, \Error::class, ['private', 'JustClick\Client::__clone()']];
        $store = static fn (Client $client) => serialize($client);
        yield 'Client::__serialize() a client' => [$store, \LogicException::class, ['cannot be serialized']];
        $read = static fn () => unserialize('O:16:"JustClick\Client":0:{}');
        yield 'Client::__unserialize($data) stored text' => [$read, \LogicException::class, ['cannot be unserialized']];
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function propertyRows(): iterable
    {
        $client = new Client('username', 'secret');
        $made = [
            'Lead' => self::lead(),
            'Request' => $client->sign(BadInput::GOOD),
            'Result' => $client->verify(BadInput::ANSWER),
            'Group' => new Group('super', 'Super'),
            'Membership' => new Membership(new Group('super', 'Super'), Subscription::Waiting, null),
            'Exception\JustClickException' => InvalidArgument::of(''),
        ];
        $outcome = static function () use ($made): void {
            $made['Result']->outcome = 'jemand';
        };
        yield 'Result::$json another property assigned' => [$outcome, \Error::class, ['readonly', '::$outcome']];
        $missing = static fn () => $made['Result']->outcom;
        yield 'Result::$json a mistyped one' => [$missing, \Error::class, ['Undefined property', '::$outcom']];
        foreach ($made as $class => $object) {
            foreach ((new \ReflectionObject($object))->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
                $name = $property->getName();
                $assign = static function () use ($object, $name): void {
                    $object->$name = 'jemand';
                };
                yield "{$class}::\${$name} assigned" => [$assign, \Error::class, ['readonly', "::\${$name}"]];
            }
        }
    }

    private static function lead(): Lead
    {
        return new Lead(self::ADDRESS, ['super']);
    }

    /**
     * Values of the types that an argument does not take.
     *
     * @return array<string, mixed>
     */
    public static function othersThan(string $type, string $word = 'jemand'): array
    {
        $values = [
            'null' => null,
            'int' => 5,
            'float' => 1.5,
            'bool' => true,
            'string' => $word,
            'array' => [$word],
            'object' => new \stdClass(),
        ];
        $taken = str_starts_with($type, '?') ? ['null', substr($type, 1)] : [$type];
        return array_diff_key($values, array_flip($taken));
    }
}

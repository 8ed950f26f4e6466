<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\InvalidArgument;
use JustClick\Exception\NotStored;
use JustClick\Outbox;

/** The calls of {@see BadInputTest} that concern an outbox. */
final class OutboxRows
{
    /** The methods that take something, their arguments, and what comes before in a call. */
    private const ARGUMENTS = [
        'deliver' => ['seconds', 'leads', 'inFlight', 'id', 'alone', 'perSecond'],
        'deliverAfterResponse' => ['seconds', 'leads', 'inFlight'],
        'list' => ['state', 'account', 'ids', 'after', 'limit', 'withLeads'],
        'dead' => ['account', 'ids', 'after', 'limit', 'withLeads'],
        'retry' => ['ids', 'account'],
        'drop' => ['ids', 'state', 'account'],
        'salvage' => ['damaged'],
    ];

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    public static function all(): iterable
    {
        yield from self::openingRows();
        yield from self::settingRows();
        yield from self::addRows();
        yield from self::argumentRows();
        yield from self::closedRows();
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function openingRows(): iterable
    {
        $new = static fn (array $given) => static fn (Client $client) => new Outbox(
            ...$given + ['location' => ':memory:', 'client' => $client],
        );
        foreach (['location' => 'string', 'client' => Client::class, 'settings' => 'array'] as $name => $type) {
            foreach (BadInputRows::othersThan($type, $name === 'client' ? 'shop' : 'jemand') as $how => $value) {
                yield "Outbox::__construct(\${$name}) {$how}"
                    => [$new([$name => $value]), \TypeError::class, ["(\${$name}) must be of type {$type}"]];
            }
        }
        foreach (BadInput::texts() + BadInput::each(['', ' ', 'sqlite:'], 'it is empty') as $how => [$value, $rule]) {
            yield "Outbox::__construct(\$location) {$how}"
                => [$new(['location' => $value]), InvalidArgument::class, ['location: ', $rule]];
        }
        yield 'Outbox::__construct($location) over-long'
            => [$new(['location' => str_repeat('jemand', 900)]), InvalidArgument::class, ['5400 bytes are too long']];
        yield 'Outbox::__construct($location) an unknown engine'
            => [$new(['location' => 'redis://jemand']), InvalidArgument::class, ['keeps no leads in "redis"']];
        $unusable = [
            '/' => 'it is a folder',
            '/dev/null' => 'it is a device',
            '/nonexistent/leads.db' => 'there is no such folder',
            '/etc/passwd' => 'every user of this host may use the file',
            '/etc/passwd/leads.db' => 'Not a directory',
            'sqlite:/nonexistent.db?tables=site' => 'there is no such file',
        ];
        foreach ($unusable as $location => $rule) {
            yield "Outbox::__construct(\$location) {$location}"
                => [$new(['location' => $location]), NotStored::class, [trim($location, 'sqlite:?tab='), $rule]];
        }
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function settingRows(): iterable
    {
        $new = static fn (array $settings) => static fn (Client $client) => new Outbox(':memory:', $client, $settings);
        foreach (BadSettings::ofOutboxes() as $name => $wrong) {
            foreach ($wrong + BadSettings::forEach() as $how => [$value, $rule]) {
                yield "Outbox::__construct(\$settings)[{$name}] {$how}"
                    => [$new([$name => $value]), InvalidArgument::class, [$name, self::shortened($name, $rule)]];
            }
        }
        foreach (BadSettings::unknown() as $how => [$settings, $rule]) {
            $settings = array_combine(str_ireplace('timeout', 'max', array_keys($settings)), $settings);
            $rule = (string) strtok(str_ireplace('timeout', 'max', $rule), ';');
            yield "Outbox::__construct(\$settings) {$how}" => [$new($settings), InvalidArgument::class, [$rule]];
        }
    }

    /** A path may be longer than other values. */
    private static function shortened(string $name, string $rule): string
    {
        return $name === 'spool' ? $rule : str_replace('4096', '64', $rule);
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function addRows(): iterable
    {
        $given = [
            'lead' => ['JustClick\Lead|array', static fn (mixed $value) => [$value]],
            'key' => ['?string', static fn (mixed $value) => [BadInput::GOOD, $value]],
            'extra' => ['array', static fn (mixed $value) => [BadInput::GOOD, null, $value]],
        ];
        $wrong = [
            'lead' => BadInput::arrays() + BadInputRows::fields(),
            'key' => BadInput::texts() + BadInput::each(['', ' '], 'key: it is empty') + [
                'over-long' => [str_repeat('jemand', 43), '258 bytes are too long; at most 256'],
            ],
            'extra' => BadInput::extras(),
        ];
        $within = [new \PDO('sqlite::memory:')];
        foreach (['add' => [], 'addWithin' => $within] as $method => $before) {
            foreach ($given as $name => [$type, $arguments]) {
                $add = static fn (mixed $value) => self::used(
                    static fn (Outbox $outbox) => $outbox->$method(...$before, ...$arguments($value)),
                );
                foreach (BadInputRows::othersThan($name === 'lead' ? 'array' : $type) as $how => $value) {
                    yield "Outbox::{$method}(\${$name}) {$how}"
                        => [$add($value), \TypeError::class, ["(\${$name}) must be of type {$type}"]];
                }
                foreach ($wrong[$name] as $how => [$value, $rule]) {
                    yield "Outbox::{$method}(\${$name}) {$how}" => [$add($value), InvalidArgument::class, [$rule]];
                }
            }
        }
        foreach (BadInputRows::othersThan('') as $how => $value) {
            $add = self::used(static fn (Outbox $outbox) => $outbox->addWithin($value, BadInput::GOOD));
            yield "Outbox::addWithin(\$connection) {$how}" => $how === 'object'
                ? [$add, InvalidArgument::class, ['connection: a PDO, a mysqli or a $wpdb is needed, not stdClass']]
                : [$add, \TypeError::class, ['($connection) must be of type object']];
        }
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function argumentRows(): iterable
    {
        foreach (self::ARGUMENTS as $method => $names) {
            foreach ($names as $name) {
                $type = (string) (new \ReflectionParameter([Outbox::class, $method], $name))->getType();
                $use = static fn (mixed $value) => self::used(
                    static fn (Outbox $outbox) => $outbox->$method(...[$name => $value]),
                );
                $others = BadInputRows::othersThan($type, $name === 'account' ? 'jemand' : 'shop');
                // A whole number is one with a fraction as well.
                $isFraction = in_array($name, ['seconds', 'perSecond'], true);
                foreach (array_diff_key($others, $isFraction ? ['int' => 0] : []) as $how => $value) {
                    yield "Outbox::{$method}(\${$name}) {$how}"
                        => [$use($value), \TypeError::class, ["(\${$name}) must be of type {$type}"]];
                }
                foreach (self::parts($method, $name) as $how => [$value, $rule]) {
                    yield "Outbox::{$method}(\${$name}) {$how}"
                        => [$use($value), InvalidArgument::class, [$rule]];
                }
            }
        }
        $missing = self::used(static fn (Outbox $outbox) => $outbox->salvage('/nonexistent/leads.db'));
        yield 'Outbox::salvage($damaged) a missing file' => [$missing, NotStored::class, ['No such file']];
        $all = self::used(static fn (Outbox $outbox) => $outbox->drop());
        yield 'Outbox::drop($ids) neither ids nor a state' => [$all, InvalidArgument::class, ['name their ids']];
    }

    /** @return array<string, array{mixed, string}> */
    private static function parts(string $method, string $name): array
    {
        $number = static fn (array $values) => BadInput::each($values, "{$name}: it must be a whole number from ");
        $seconds = BadInput::each([INF, -INF, NAN], 'is no value that can be sent');
        $rates = BadInput::each([0.0, -1.0, 1e9], 'per_second: it must be a number from 0.001 to 1000000');
        if ($method === 'deliverAfterResponse') {
            // What else is wrong is told in the log: {@see AfterResponseTest}.
            return $name === 'seconds' ? $seconds : [];
        }
        return match ($name) {
            'seconds' => $seconds + BadInput::each([-1.0, 1e9], 'seconds: it must be a number of seconds'),
            'perSecond' => $seconds + $rates,
            'leads' => $number([0, -1, PHP_INT_MIN]),
            'id' => $number([-1, PHP_INT_MIN]),
            'inFlight' => BadInput::each([0, -1, 257], 'in_flight: it must be a whole number from 1 to 256'),
            'after' => $number([-1, PHP_INT_MIN]),
            'limit' => $number([0, -1, 10_001]),
            'ids' => self::ids(),
            'damaged' => BadInput::texts(),
            'account' => ['no UTF-8' => ["jemand\xff", 'account: byte 6 is not valid UTF-8']],
            'state' => ['no UTF-8' => ["dead\xff", 'state: byte 4 is not valid UTF-8']]
                + BadInput::each(['', 'lost', 'Dead', "dead\0"], 'waiting, leased or dead'),
            default => [],
        };
    }

    /** @return array<string, array{mixed, string}> */
    private static function ids(): array
    {
        $rule = 'ids: it must be a list of at most 10000 numbers';
        return [
            'a text' => [['1'], $rule],
            'null' => [[null], $rule],
            'a fraction' => [[1.5], $rule],
            'a list in the list' => [[[1]], $rule],
            'a key' => [['x' => 1], $rule],
            'too many' => [range(1, 10_001), $rule],
            'an object' => [[new \stdClass()], 'ids[0]: a string is needed, not stdClass'],
            'no number' => [[NAN], 'NAN is no value that can be sent'],
        ];
    }

    /** @return iterable<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    private static function closedRows(): iterable
    {
        $uses = [
            'add($lead)' => static fn (Outbox $outbox) => $outbox->add(BadInput::GOOD),
            'addWithin($lead)' => static fn (Outbox $outbox) => $outbox->addWithin(new \PDO('sqlite::memory:'), []),
            'deliver($seconds)' => static fn (Outbox $outbox) => $outbox->deliver(),
            'deliverAfterResponse($seconds)' => static fn (Outbox $outbox) => $outbox->deliverAfterResponse(),
            'status()' => static fn (Outbox $outbox) => $outbox->status(),
            'list($state)' => static fn (Outbox $outbox) => $outbox->list(),
            'dead($account)' => static fn (Outbox $outbox) => $outbox->dead(),
            'retry($ids)' => static fn (Outbox $outbox) => $outbox->retry(),
            'salvage($damaged)' => static fn (Outbox $outbox) => $outbox->salvage('leads.db'),
            'drop($ids)' => static fn (Outbox $outbox) => $outbox->drop([1]),
        ];
        foreach ($uses as $what => $use) {
            $closed = static function (Client $client) use ($use): void {
                $outbox = new Outbox(':memory:', $client);
                $outbox->__destruct();
                $use($outbox);
            };
            yield "Outbox::{$what} closed" => [$closed, InvalidArgument::class, ['this outbox is closed']];
            $empty = static fn () => $use((new \ReflectionClass(Outbox::class))->newInstanceWithoutConstructor());
            yield "Outbox::{$what} never opened" => [$empty, InvalidArgument::class, ['this outbox is closed']];
        }
        foreach (['add' => [BadInput::GOOD], 'deliver' => []] as $method => $arguments) {
            $clientless = static function () use ($method, $arguments): void {
                $client = new Client('username', Sandbox::SECRET);
                $outbox = new Outbox(':memory:', $client);
                $client->__destruct();
                $outbox->$method(...$arguments);
            };
            $first = $method === 'add' ? 'lead' : 'seconds';
            yield "Outbox::{$method}(\${$first}) its client closed"
                => [$clientless, InvalidArgument::class, ['this client is closed']];
        }
        $again = self::used(static fn (Outbox $outbox) => $outbox->__construct(':memory:', new Client('a', 'b')));
        yield 'Outbox::__construct($client) a second time' => [$again, \Error::class, ['JustClick\Outbox::$client']];
        $copy = self::used(static fn (Outbox $outbox) => clone $outbox);
        yield 'Outbox::__clone() an outbox' => [$copy, \Error::class, ['private', 'JustClick\Outbox::__clone()']];
        $store = self::used(static fn (Outbox $outbox) => serialize($outbox));
        yield 'Outbox::__serialize() an outbox' => [$store, \LogicException::class, ['cannot be serialized']];
        $read = static fn () => unserialize('O:16:"JustClick\Outbox":0:{}');
        yield 'Outbox::__unserialize($data) stored text' => [$read, \LogicException::class, ['cannot be unserialized']];
    }

    /** A call with an outbox, which is empty afterwards. */
    private static function used(\Closure $use): \Closure
    {
        return static function (Client $client) use ($use): void {
            $outbox = new Outbox(':memory:', $client);
            try {
                $use($outbox);
            } finally {
                if ($outbox->list() !== []) {
                    throw new \UnexpectedValueException('it was kept');
                }
            }
        };
    }
}

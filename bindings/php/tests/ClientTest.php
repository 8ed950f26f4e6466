<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Disposition;
use JustClick\Exception\Failure;
use JustClick\Exception\InvalidArgument;
use JustClick\Exception\JustClickException;
use JustClick\Exception\NotAccepted;
use JustClick\Exception\Rejected;
use JustClick\Exception\Unreachable;
use JustClick\Lead;
use JustClick\Loader;
use PHPUnit\Framework\TestCase;

final class ClientTest extends TestCase
{
    public function testConnectionsOutliveAClient(): void
    {
        $sandbox = new Sandbox();
        $before = $sandbox->books()['connections'];
        for ($number = 0; $number < 5; $number++) {
            $client = new Client('username', Sandbox::SECRET, ['base_url' => $sandbox->url]);
            $client->addLead(['rid[0]' => 'super', 'lead_email' => "{$number}@b.ru"]);
            unset($client);
        }
        $books = $sandbox->books();
        self::assertCount(5, $books['contacts']);
        // One for the leads, one for this look at the books.
        self::assertSame($before + 2, $books['connections']);

        $own = ['base_url' => $sandbox->url, 'share_connections' => false];
        for ($number = 0; $number < 2; $number++) {
            (new Client('username', Sandbox::SECRET, $own))->sign(['rid[0]' => 'super', 'lead_email' => 'a@b.ru']);
            (new Client('username', Sandbox::SECRET, $own))
                ->addLead(['rid[0]' => 'super', 'lead_email' => "own{$number}@b.ru"]);
        }
        self::assertSame($before + 5, $sandbox->books()['connections']);
    }

    public function testEveryStatusHasItsClass(): void
    {
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        $enum = (string) strstr((string) strstr($header, 'typedef enum jc_status_code'), '}', true);
        $count = preg_match_all('/^\s+(JC_\w+) = (-?\d+),$/m', $enum, $rows, PREG_SET_ORDER);
        self::assertSame(13, $count);
        foreach ($rows as [, $name, $number]) {
            if ($name === 'JC_OK') {
                continue;
            }
            self::assertArrayHasKey((int) $number, Failure::CLASSES, $name);
            $failure = Failure::exception('why', $name, false, ['status' => (int) $number, 'disposition' => 4]);
            self::assertSame(JustClickException::class, get_parent_class($failure), $name);
        }
        self::assertCount($count - 1, Failure::CLASSES);
        $new = static fn (int $status) => Failure::exception('', 'NEW', false, [
            'status' => $status,
            'disposition' => 9,
        ]);
        self::assertInstanceOf(Rejected::class, $new(77));
        self::assertSame(JustClickException::class, $new(-77)::class);
        // What a newer library wants to be done with the lead is not known: it is kept.
        self::assertTrue($new(77)->disposition()->keepsLead());
    }

    public function testTheVersionsAreTheHeaders(): void
    {
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        self::assertStringContainsString('#define JC_VERSION "' . Loader::VERSION . '"', $header);
        self::assertStringContainsString('#define JC_ABI_VERSION ' . Loader::ABI_VERSION . "\n", $header);
    }

    public function testAFailureSaysWhatIsKnown(): void
    {
        $client = new Client('username', 'secret', ['base_url' => 'http://127.0.0.1:1', 'max_attempts' => 2]);
        try {
            $client->addLead(new Lead('a@b.ru', ['g']));
            self::fail('nobody listens there');
        } catch (Unreachable $failure) {
            self::assertTrue($failure->isRetryable());
            self::assertSame(Disposition::Later, $failure->disposition());
            self::assertSame(['127.0.0.1:1', '127.0.0.1:1'], array_column($failure->attempts, 'address'));
            self::assertStringContainsString('refused', (string) $failure->attempts[1]['error']);
            self::assertSame([2, false, 0, -10], [
                count($failure->attempts),
                $failure->mayHaveArrived,
                $failure->retryAfterMs,
                $failure->status,
            ]);
        }
    }

    public function testNoDumpHoldsTheSecretOrTheLead(): void
    {
        $sandbox = new Sandbox();
        $secret = 'Geheimnis17';
        $client = new Client('username', $secret, ['base_url' => $sandbox->url]);
        $dumps = [print_r($client, true), var_export($client, true)];
        ob_start();
        var_dump($client);
        $dumps[] = (string) ob_get_clean();
        ini_set('zend.exception_ignore_args', '0');
        $lead = ['rid[0]' => 'super', 'lead_email' => 'jemand@b.ru', 'lead_name' => 'Jemand'];
        foreach ([$lead, new Lead('jemand@b.ru', ['super'], name: 'Jemand')] as $given) {
            try {
                $client->addLead($given);
                self::fail('the secret is wrong');
            } catch (NotAccepted $failure) {
                self::assertStringContainsString('secret', $failure->getMessage());
                $dumps[] = (string) $failure;
                if (PHP_VERSION_ID >= 80200) {
                    $dumps[] = print_r(array_column(self::framesOfThePackage($failure), 'args'), true);
                }
            }
        }
        foreach ($dumps as $dump) {
            self::assertStringNotContainsString($secret, $dump);
            self::assertStringNotContainsString('emand', $dump);
        }
    }

    /**
     * The frames below are PHPUnit's, whose arguments hold all tests and what they look for.
     *
     * @return list<array<string, mixed>>
     */
    private static function framesOfThePackage(\Throwable $failure): array
    {
        $frames = array_filter($failure->getTrace(), static function (array $frame): bool {
            $class = $frame['class'] ?? '';
            return str_starts_with($class, 'JustClick\\') && !str_starts_with($class, 'JustClick\\Tests\\');
        });
        self::assertGreaterThan(2, count($frames));
        return array_values($frames);
    }

    public function testAResultIsStoredAndShownWhole(): void
    {
        $body = '{"error_code":0,"error_text":"OK","result":{"a":1.50},"hash":"%s"}';
        $result = (new Client('username', 'secret'))->verify(sprintf($body, md5('0::OK::secret')));
        $copy = unserialize(serialize($result));
        self::assertSame([0, 'OK', '{"a":1.50}', 1.5], [$copy->code, $copy->text, $copy->json, $copy->value()['a']]);
        self::assertTrue(isset($copy->outcome) && !isset($copy->nothing));
        foreach (['outcome', 'code', 'text', 'message', 'attempts', 'isUnsure', 'json'] as $name) {
            self::assertStringContainsString("[{$name}] => ", print_r($result, true));
        }
    }

    public function testAClientIsNeitherCopiedNorStored(): void
    {
        $client = new Client('username', 'secret');
        try {
            serialize($client);
            self::fail('it was stored');
        } catch (\LogicException $failure) {
            self::assertStringContainsString('serialized', $failure->getMessage());
        }
        try {
            unserialize('O:16:"JustClick\Client":0:{}');
            self::fail('it was made of stored text');
        } catch (\LogicException $failure) {
            self::assertStringContainsString('unserialized', $failure->getMessage());
        }
        $this->expectException(\Error::class);
        $copy = clone $client;
    }

    public function testAClientWhoseDestructorWasCalledSaysSo(): void
    {
        $client = new Client('username', 'secret');
        $client->__destruct();
        $client->__destruct();
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('this client is closed');
        $client->sign(['rid[0]' => 'g', 'lead_email' => 'a@b.ru']);
    }
}

<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\JustClickException;
use JustClick\Exception\Rejected;
use JustClick\Outcome;
use JustClick\Result;
use PHPUnit\Framework\TestCase;

/** The table of cases that all languages share. */
final class CasesTest extends TestCase
{
    private const OUTCOMES = [
        'JC_ADDED' => Outcome::Added,
        'JC_ACTIVATION_SENT' => Outcome::ActivationSent,
        'JC_ALREADY_REGISTERED' => Outcome::AlreadyRegistered,
    ];

    public function testEveryLeadEndsAsTheTableSays(): void
    {
        $cases = new Cases();
        foreach ($cases->leads() as $case) {
            $body = null;
            try {
                $client = $cases->client($case);
                $body = $client->sign(Cases::fields($case))->body;
                $end = $client->addLead(Cases::fields($case));
            } catch (JustClickException $failure) {
                $end = $failure;
            }
            self::check($case, $end);
            if (isset($case['body'])) {
                self::assertSame($case['body'], $body, $case['name']);
            }
        }
        self::assertGreaterThan(30, count($cases->leads()));
    }

    public function testEveryAnswerIsJudgedAsTheTableSays(): void
    {
        $client = new Client('username', 'secret');
        $cases = Cases::answers();
        foreach ($cases as $case) {
            try {
                $end = $client->verify($case['body']);
            } catch (JustClickException $failure) {
                $end = $failure;
            }
            self::check($case, $end);
            if (isset($case['result'])) {
                self::assertInstanceOf(Result::class, $end);
                self::assertSame($case['result'], $end->json);
                self::assertSame(json_decode($case['result'], true), $end->value());
            }
        }
        self::assertGreaterThan(10, count($cases));
    }

    /** @param array<string, mixed> $case */
    private static function check(array $case, Result|JustClickException $end): void
    {
        $about = $case['name'];
        if ($end instanceof Result) {
            self::assertSame($case['status'], 'JC_OK', $about);
            self::assertSame(self::OUTCOMES[$case['outcome']], $end->outcome, $about);
            [$code, $message] = [$end->code, $end->message];
        } else {
            self::assertSame($case['status'], $end->statusName, $about . ': ' . $end->getMessage());
            $rejected = $case['outcome'] === 'JC_OUTCOME_REJECTED';
            self::assertSame($rejected, $end instanceof Rejected, $about);
            [$code, $message] = [$end->getCode(), $end->getMessage()];
            if (isset($case['may_have_arrived'])) {
                self::assertSame($case['may_have_arrived'], $end->mayHaveArrived, $about);
            }
        }
        self::assertSame($case['code'], $code, $about);
        self::assertSame($case['disposition'], 'JC_' . strtoupper($end->disposition()->name), $about);
        foreach (['text' => $end->text, 'attempts' => count($end->attempts)] as $name => $value) {
            if (isset($case[$name])) {
                self::assertSame($case[$name], $value, $about);
            }
        }
        foreach ($case['says'] ?? [] as $part) {
            self::assertStringContainsString($part, $message, $about);
        }
    }
}

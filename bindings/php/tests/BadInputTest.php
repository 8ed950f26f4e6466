<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outcome;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** Every public function against every kind of wrong argument. */
final class BadInputTest extends TestCase
{
    /** What takes nothing that could be wrong. */
    private const TAKES_NOTHING = [
        'Client::__destruct()',
        'Client::__debugInfo()',
        'Outbox::__destruct()',
        'Outbox::__debugInfo()',
        'Result::__debugInfo()',
        'Lead::fields()',
        'Client::groups()',
        'Disposition::keepsLead()',
        'Result::disposition()',
        'Result::value()',
        'Exception\JustClickException::disposition()',
        'Exception\JustClickException::isRetryable()',
    ];

    private static Sandbox $sandbox;
    private static Client $client;

    public static function setUpBeforeClass(): void
    {
        self::$sandbox = new Sandbox();
        self::$client = new Client('username', Sandbox::SECRET, ['base_url' => self::$sandbox->url]);
        self::$client->addLead(new Lead('good@b.ru', ['super']));
        ini_set('zend.exception_ignore_args', '0');
        ini_set('zend.exception_string_param_max_len', '100');
    }

    public static function tearDownAfterClass(): void
    {
        self::$sandbox->stop();
    }

    /** @return array<string, array{\Closure, class-string<\Throwable>, list<string>}> */
    public static function rows(): array
    {
        return iterator_to_array(BadInputRows::all()) + iterator_to_array(OutboxRows::all());
    }

    /**
     * @dataProvider rows
     * @param \Closure(Client, Sandbox): mixed $call
     * @param class-string<\Throwable> $class
     * @param list<string> $says
     */
    #[DataProvider('rows')]
    public function testBadInputIsRefusedBeforeAnythingIsSent(\Closure $call, string $class, array $says): void
    {
        $before = self::$sandbox->books();
        $failure = null;
        try {
            $call(self::$client, self::$sandbox);
        } catch (\Throwable $failure) {
        }
        $after = self::$sandbox->books();
        // The look is a connection of its own.
        $before['connections']++;
        self::assertSame($before, $after);

        self::assertNotNull($failure, 'it was taken');
        self::assertSame($class, $failure::class, $failure->getMessage());
        foreach ($says as $part) {
            self::assertStringContainsString($part, $failure->getMessage());
        }
        self::assertSame(1, preg_match('//u', $failure->getMessage()), 'the message is no UTF-8');
        $this->hidesWhatIsPrivate($failure);

        $outcome = self::$client->addLead(new Lead('good@b.ru', ['super']))->outcome;
        self::assertSame(Outcome::AlreadyRegistered, $outcome);
    }

    private function hidesWhatIsPrivate(\Throwable $failure): void
    {
        $shown = $failure->getMessage();
        if (PHP_VERSION_ID >= 80200) {
            // The traces of older versions show what SensitiveParameter hides.
            $isOurs = static fn (array $frame) => preg_match('/^JustClick.(?!Tests)/', $frame['class'] ?? '') === 1;
            $shown .= $failure . self::dump(array_column(array_filter($failure->getTrace(), $isOurs), 'args'));
        }
        foreach (BadInput::HIDDEN as $hidden) {
            self::assertStringNotContainsString($hidden, $shown);
        }
        self::assertNull($failure->getPrevious());
    }

    /** PHP 8.5 has print_r() warn of a number that is none. */
    private static function dump(mixed $value): string
    {
        ob_start();
        var_dump($value);
        return (string) ob_get_clean();
    }

    public function testNothingPublicIsWithoutARow(): void
    {
        $rows = array_map(static fn (string $name) => explode(' ', $name)[0], array_keys(self::rows()));
        $expected = [...self::surface()];
        $covered = array_values(array_unique([...$rows, ...self::TAKES_NOTHING]));
        sort($expected);
        sort($covered);
        self::assertSame($expected, $covered);
    }

    /**
     * All that a program can call or set: what is public and not marked as internal.
     *
     * @return iterable<string>
     */
    private static function surface(): iterable
    {
        foreach (glob(dirname(__DIR__) . '/src/{,*/}*.php', GLOB_BRACE) ?: [] as $file) {
            $name = str_replace('/', '\\', substr($file, strlen(dirname(__DIR__) . '/src/'), -4));
            $class = new \ReflectionClass("JustClick\\{$name}");
            if (!self::isInternal($class)) {
                yield from self::methods($name, $class);
                yield from self::properties($name, $class);
            }
        }
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        preg_match_all('/^#define JC_(OUTBOX_)?SETTING_\w+ "(\w+)"$/m', $header, $found, PREG_SET_ORDER);
        foreach ($found as [, $prefix, $setting]) {
            yield ($prefix === '' ? 'Client' : 'Outbox') . "::__construct(\$settings)[{$setting}]";
        }
    }

    /**
     * @param \ReflectionClass<object> $class
     * @return iterable<string>
     */
    private static function methods(string $name, \ReflectionClass $class): iterable
    {
        foreach ($class->getMethods() as $method) {
            $isOwn = $method->class === $class->getName() && $method->isUserDefined();
            if (!$isOwn || self::isInternal($method) || !$method->isPublic() && $method->getName() !== '__clone') {
                continue;
            }
            foreach ($method->getParameters() as $parameter) {
                yield "{$name}::{$method->getName()}(\${$parameter->getName()})";
            }
            if ($method->getNumberOfParameters() === 0) {
                yield "{$name}::{$method->getName()}()";
            }
        }
    }

    /**
     * @param \ReflectionClass<object> $class
     * @return iterable<string>
     */
    private static function properties(string $name, \ReflectionClass $class): iterable
    {
        foreach ($class->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
            if ($property->class === $class->getName() && !$class->isEnum()) {
                yield "{$name}::\${$property->getName()}";
            }
        }
    }

    /** @param \ReflectionClass<object>|\ReflectionMethod $of */
    private static function isInternal(\ReflectionClass|\ReflectionMethod $of): bool
    {
        return str_contains((string) $of->getDocComment(), '@internal');
    }
}

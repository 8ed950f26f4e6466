<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Exception\Failure;
use JustClick\Exception\LibraryNotUsable;
use JustClick\Outcome;
use PHPUnit\Framework\TestCase;

/** What the manual shows is so. */
final class ManualTest extends TestCase
{
    private string $manual;

    protected function setUp(): void
    {
        $this->manual = (string) file_get_contents(dirname(__DIR__) . '/README.md');
    }

    public function testTheProgramsRun(): void
    {
        $sandbox = new Sandbox();
        [$keep, $cron, $dead, $within, $database, $lead, $others, $before, $after] = $this->blocks('php');
        $account = var_export(Sandbox::SECRET, true) . ', ' . var_export(['base_url' => $sandbox->url], true);
        $folder = Server::newFolder();
        $keep = str_replace('/var/lib/site', $folder, str_replace("'secret'", $account, $keep));
        $refused = "\$outbox->add(['rid[0]' => 'nowhere', 'lead_email' => 'lead@email.com']);\n";
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        $data = "\$send_data = ['rid[0]' => 'news', 'lead_email' => 'lead@email.com'];\n";
        $program = "<?php\nrequire {$bootstrap};\n" . str_replace("'secret'", $account, $lead)
            . "\$client->addLead({$this->lead()});\n{$others}\n{$data}{$after}";
        file_put_contents("{$folder}/program.php", $program);
        file_put_contents("{$folder}/keep.php", "<?php\nrequire {$bootstrap};\n{$keep}{$refused}{$cron}{$dead}");
        // The log is told of the dead lead, which waits again at the end.
        $said = PhpProgram::run(['-d', 'error_log=/dev/null'], [], "{$folder}/keep.php");
        self::assertMatchesRegularExpression('~^2: lead@email.com: a group does not exist.*$~D', trim($said));
        self::assertSame(['lead@email.com'], array_column($sandbox->books()['contacts'], 'email'));
        $said = PhpProgram::run([], [], "{$folder}/program.php");
        self::assertSame("the contact was in all of the groups already\nAdded", $said);
        $contacts = array_column($sandbox->books()['contacts'], null, 'email');
        self::assertSame('Omsk', $contacts['lead@email.com']['fields']['lead_city']);

        file_put_contents("{$folder}/before.php", "<?php\n{$before}{$within}{$database}");
        exec(PHP_BINARY . ' -l ' . escapeshellarg("{$folder}/before.php"), $output, $status);
        self::assertSame(0, $status);
        exec('rm -rf ' . escapeshellarg($folder));
    }

    public function testThePackageIsRequiredAsItIsShown(): void
    {
        $shown = json_decode($this->blocks('json')[0], true, 512, JSON_THROW_ON_ERROR);
        $example = (string) file_get_contents(dirname(__DIR__, 3) . '/examples/php/composer.json');
        $used = json_decode($example, true, 512, JSON_THROW_ON_ERROR);
        $shown['repositories'][0]['url'] = $used['repositories'][0]['url'];
        self::assertSame([$used['repositories'], $used['require']], [$shown['repositories'], $shown['require']]);
    }

    public function testThePromiseAndTheSettingsAreTheCores(): void
    {
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        preg_match('/Once jc_outbox_add returned.*?in silence\./s', $header, $promise);
        preg_match('/^> Once.*?silence\.$/ms', $this->manual, $quoted);
        $plain = static fn (string $text) => preg_replace('/\s+/', ' ', (string) preg_replace('/[>`*]/', '', $text));
        self::assertSame($plain($promise[0]), ltrim((string) $plain($quoted[0])));
        $pattern = '~Default: (\w+)\. \*/\n#define JC_OUTBOX_SETTING_\w+ "(\w+)"$~m';
        preg_match_all($pattern, $header, $settings);
        preg_match_all('/^\| `(\w+)` \| .* \| `?(\w+)`? \|$/m', $this->manual, $shown);
        self::assertCount(5, $settings[2]);
        self::assertSame(
            array_combine($settings[2], $settings[1]),
            array_intersect_key(array_combine($shown[1], $shown[2]), array_flip($settings[2])),
        );
    }

    public function testEveryExceptionAndOutcomeIsExplained(): void
    {
        foreach ([...Failure::CLASSES, LibraryNotUsable::class] as $class) {
            self::assertStringContainsString("\n| `" . basename(strtr($class, '\\', '/')) . '` |', $this->manual);
        }
        foreach ([Outcome::Added, Outcome::ActivationSent, Outcome::AlreadyRegistered] as $outcome) {
            self::assertStringContainsString("`Outcome::{$outcome->name}`", $this->manual);
        }
    }

    /** @return list<string> */
    private function blocks(string $language): array
    {
        preg_match_all("/^```{$language}\n(.*?)^```/ms", $this->manual, $found);
        return $found[1];
    }

    private function lead(): string
    {
        return var_export(['rid' => ['super', 'news'], 'lead_email' => 'other@email.com'], true);
    }
}

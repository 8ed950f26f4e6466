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
        [$lead, $others, $before, $after] = $this->blocks('php');
        $account = var_export(Sandbox::SECRET, true) . ', ' . var_export(['base_url' => $sandbox->url], true);
        $folder = Server::newFolder();
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        $data = "\$send_data = ['rid[0]' => 'news', 'lead_email' => 'lead@email.com'];\n";
        $program = "<?php\nrequire {$bootstrap};\n" . str_replace("'secret'", $account, $lead)
            . "\$client->addLead({$this->lead()});\n{$others}\n{$data}{$after}";
        file_put_contents("{$folder}/program.php", $program);
        $said = PhpProgram::run(['-d', 'error_reporting=-1'], [], "{$folder}/program.php");
        self::assertSame("the contact was added and has been sent a mail to confirm\nAdded", $said);
        $contacts = array_column($sandbox->books()['contacts'], null, 'email');
        self::assertSame('Omsk', $contacts['lead@email.com']['fields']['lead_city']);

        file_put_contents("{$folder}/before.php", "<?php\n{$before}");
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

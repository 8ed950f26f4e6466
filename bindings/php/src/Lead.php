<?php

declare(strict_types=1);

namespace JustClick;

/**
 * A contact and the groups it is added to, with typed names.
 *
 *     new Lead(email: 'lead@email.com', groups: ['super'], name: 'Name', utmSource: 'direct')
 *
 * Null leaves a field out, an empty string sends it empty. Values are UTF-8; they are checked when
 * the lead is sent or signed.
 */
final class Lead
{
    /**
     * @param string $email The contact's e-mail address.
     * @param list<string|int> $groups The groups' symbolic identifiers, at least one.
     * @param ?string $name Where it is empty, the service says "Dear Friend".
     * @param ?string $tag Any label to mark the contact with.
     * @param ?string $doneurl2 The page where the contact lands after confirming.
     * @param ?bool $activation Whether the contact must confirm by mail.
     * @param ?string $utmMedium "affiliate" for a contact that a partner sent.
     * @param ?string $utmSource With the medium "affiliate", the partner's login.
     * @param ?string $affSource This and the other aff… are shown in the partner's cabinet only.
     * @param ?string $aff The older form of the partner's mark.
     * @param ?string $ad The older form of the advertisement's mark.
     * @param array<string, string|int|bool|null> $extra Parameters that the library does not know.
     */
    public function __construct(
        #[\SensitiveParameter] public readonly string $email,
        public readonly array $groups,
        #[\SensitiveParameter] public readonly ?string $name = null,
        #[\SensitiveParameter] public readonly ?string $phone = null,
        #[\SensitiveParameter] public readonly ?string $city = null,
        public readonly ?string $tag = null,
        public readonly ?string $doneurl2 = null,
        public readonly ?bool $activation = null,
        public readonly ?string $utmMedium = null,
        public readonly ?string $utmSource = null,
        public readonly ?string $utmCampaign = null,
        public readonly ?string $utmContent = null,
        public readonly ?string $utmTerm = null,
        public readonly ?string $affMedium = null,
        public readonly ?string $affSource = null,
        public readonly ?string $affCampaign = null,
        public readonly ?string $affContent = null,
        public readonly ?string $affTerm = null,
        public readonly ?string $aff = null,
        public readonly ?string $ad = null,
        #[\SensitiveParameter] public readonly array $extra = [],
    ) {
    }

    /**
     * The fields by the service's own names, without the extra ones.
     *
     * @return array<string, mixed>
     */
    public function fields(): array
    {
        return [
            'rid' => $this->groups,
            'lead_name' => $this->name,
            'lead_email' => $this->email,
            'lead_phone' => $this->phone,
            'lead_city' => $this->city,
            'tag' => $this->tag,
            'doneurl2' => $this->doneurl2,
            'activation' => $this->activation,
            'utm[utm_medium]' => $this->utmMedium,
            'utm[utm_source]' => $this->utmSource,
            'utm[utm_campaign]' => $this->utmCampaign,
            'utm[utm_content]' => $this->utmContent,
            'utm[utm_term]' => $this->utmTerm,
            'utm[aff_medium]' => $this->affMedium,
            'utm[aff_source]' => $this->affSource,
            'utm[aff_campaign]' => $this->affCampaign,
            'utm[aff_content]' => $this->affContent,
            'utm[aff_term]' => $this->affTerm,
            'aff' => $this->aff,
            'ad' => $this->ad,
        ];
    }
}

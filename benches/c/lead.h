/* The lead of ../lead.json: the fields after the group and the e-mail, which each program sets itself. */
#ifndef LEAD_H
#define LEAD_H

static const char *const FIELDS[][2] = {
    {"lead_name", "Name"},
    {"lead_phone", "+788888888"},
    {"lead_city", "City"},
    {"tag", "this is tag"},
    {"doneurl2", "http://yandex.ru/"},
    {"activation", "1"},
    {"utm[utm_medium]", "cpc"},
    {"utm[utm_source]", "direct"},
    {"utm[utm_campaign]", "My_Campaign"},
    {"utm[utm_content]", "content_123"},
    {"utm[utm_term]", "my_label"},
    {"utm[aff_medium]", "cpc"},
    {"utm[aff_source]", "direct"},
    {"utm[aff_campaign]", "My_Campaign"},
    {"aff", "partner"},
};

enum { FIELD_COUNT = sizeof FIELDS / sizeof *FIELDS };

#endif

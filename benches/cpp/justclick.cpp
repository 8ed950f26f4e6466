// Sends one lead again and again, with one client for all threads, through justclick.hpp.
#include <justclick.hpp>

#include <cstdlib>
#include <memory>

#include "../c/measure.h"

static std::unique_ptr<justclick::Client> client;

static void *make_lead()
{
    auto *lead = new justclick::Lead;
    lead->group("super").email("lead@email.com").name("Name");
    return lead;
}

static void send_lead(void *lead)
{
    client->add_lead(*static_cast<const justclick::Lead *>(lead));
}

int main()
{
    client = std::make_unique<justclick::Client>("username", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
    client->set(JC_SETTING_BASE_URL, std::getenv("JUSTCLICK_BASE_URL"));
    client->set(JC_SETTING_CA_FILE, std::getenv("JUSTCLICK_CA_FILE"));
    return measure(make_lead, send_lead);
}

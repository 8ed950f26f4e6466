// Makes and sends one lead again and again, with one client for all threads, through justclick.hpp.
#include <justclick.hpp>

#include <cstdlib>
#include <memory>

#include "../c/lead.h"
#include "../c/measure.h"

static std::unique_ptr<justclick::Client> client;

// Threads share the client, and have nothing of their own.
static void *make_nothing()
{
    return nullptr;
}

static void send_lead(void *)
{
    justclick::Lead lead;
    lead.group("super").email("lead@email.com");
    for (const auto &field : FIELDS)
        lead.set(field[0], field[1]);
    client->add_lead(lead);
}

int main()
{
    client = std::make_unique<justclick::Client>("username", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
    client->set(JC_SETTING_BASE_URL, std::getenv("JUSTCLICK_BASE_URL"));
    client->set(JC_SETTING_CA_FILE, std::getenv("JUSTCLICK_CA_FILE"));
    return measure(make_nothing, send_lead);
}

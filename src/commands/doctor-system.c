/* doctor-system.c - `tamis doctor`: settings, and what systemd and the kernel do */
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/doctor.h"
#include "util/sandbox.h"
#include "util/translate.h"

void doctor_check_settings(struct doctor *doctor)
{
    const struct config_mistake *mistake = config_mistakes(doctor->config);
    if (!mistake)
        doctor_find(doctor, STATE_FINE, "no mistakes");
    for (; mistake; mistake = mistake->next) {
        doctor_find(doctor, STATE_PROBLEM, "%s", mistake->text);
        doctor_advise(doctor, "put right what this says");
    }
    if (!doctor->settings->enabled) {
        doctor_find(doctor, STATE_NOTE, "filter = no: mail passes without being judged");
        doctor_advise(doctor, "remove the setting to have mail judged");
    }
}

/* --- systemd ------------------------------------------------------------------------------------------------------ */

/* What systemctl says with its exit status; -1: it cannot be asked.  Started without a shell. */
static int ask_systemctl(char *const arguments[])
{
    int status;
    pid_t process = fork();
    if (process == 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execvp(arguments[0], arguments);
        _exit(EX_UNAVAILABLE);
    }
    while (process > 0 && waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return process > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool timer_is_active(void)
{
    char systemctl[] = "systemctl", user[] = "--user", is_active[] = "is-active", quiet[] = "--quiet";
    char nightly[] = "tamis-nightly.timer", for_all[] = "tamis-nightly-all.timer";
    char *const of_user[] = { systemctl, user, is_active, quiet, nightly, NULL };
    /* Of several units one that is active is enough for systemctl. */
    char *const of_system[] = { systemctl, is_active, quiet, nightly, for_all, NULL };
    return ask_systemctl(of_user) == 0 || ask_systemctl(of_system) == 0;
}

/* Only a note: cron, or the administrator's timer for all users, does as well, and doctor-runs.c sees what counts. */
void doctor_check_timer(struct doctor *doctor)
{
    if (access("/run/systemd/system", F_OK) != 0)
        return;
    if (timer_is_active()) {
        doctor_find(doctor, STATE_FINE, "a timer of tamis is active");
        return;
    }
    doctor_find(doctor, STATE_NOTE, "tamis-nightly.timer is not active");
    doctor_advise(doctor, "systemctl --user enable --now tamis-nightly.timer, unless cron does it");
}

/* --- the kernel --------------------------------------------------------------------------------------------------- */

/* Only a note where something is missing: mail is read on every kernel, and parsers are made to hold by themselves. */
void doctor_check_sandbox(struct doctor *doctor)
{
    unsigned walls = sandbox_walls();
    doctor_find(doctor, walls == SANDBOX_ALL ? STATE_FINE : STATE_NOTE,
                "mail is read with limits %s, privileges %s, system calls %s, files %s",
                walls & SANDBOX_LIMITS ? _("set") : _("set in part"),
                walls & SANDBOX_PRIVILEGES ? _("given up") : _("kept"),
                walls & SANDBOX_SYSTEM_CALLS ? _("filtered") : _("not filtered"),
                walls & SANDBOX_FILES ? _("hidden (Landlock)") : _("not hidden (no Landlock)"));
}

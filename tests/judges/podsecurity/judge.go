package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"k8s.io/component-base/version"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type judge struct {
	evaluator policy.Evaluator
	level     api.Level
	versions  []api.Version
}

func newJudge(level, versions string, rest []string) (*judge, error) {
	if len(rest) > 0 {
		return nil, fmt.Errorf("unexpected argument %q: objects come on standard input", rest[0])
	}
	// The level privileged allows every pod: its verdict would hold without looking.
	if level != string(api.LevelBaseline) && level != string(api.LevelRestricted) {
		return nil, fmt.Errorf("level %q: must be baseline or restricted", level)
	}
	parsed, err := parseVersions(versions)
	if err != nil {
		return nil, err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	return &judge{evaluator: evaluator, level: api.Level(level), versions: parsed}, nil
}

// parseVersions refuses a version newer than the checks: the evaluator would answer for it with those of its newest.
func parseVersions(list string) ([]api.Version, error) {
	newest, err := api.ParseVersion("v" + version.DefaultKubeBinaryVersion)
	if err != nil {
		return nil, err
	}
	if list == "all" {
		var all []api.Version
		for minor := 0; minor <= newest.Minor(); minor++ {
			all = append(all, api.MajorMinorVersion(1, minor))
		}
		return all, nil
	}
	var versions []api.Version
	for _, text := range strings.Split(list, ",") {
		parsed, err := api.ParseVersion("v" + strings.TrimPrefix(text, "v"))
		if err != nil {
			return nil, fmt.Errorf("version %q: must be 1.x or all", text)
		}
		if newest.Older(parsed) {
			return nil, fmt.Errorf("version %q: the newest known is %s", text, version.DefaultKubeBinaryVersion)
		}
		versions = append(versions, parsed)
	}
	return versions, nil
}

func (j *judge) verdicts(id string, pod *pod) []Verdict {
	verdicts := make([]Verdict, 0, len(j.versions))
	for _, version := range j.versions {
		checks := j.evaluator.EvaluatePod(api.LevelVersion{Level: j.level, Version: version}, pod.metadata, pod.spec)
		verdict := Verdict{
			ID:      id,
			Version: strings.TrimPrefix(version.String(), "v"),
			Level:   string(j.level),
			Allowed: true,
			Reasons: []string{},
		}
		for _, check := range checks {
			if !check.Allowed {
				verdict.Allowed = false
				verdict.Reasons = append(verdict.Reasons, reason(check))
			}
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts
}

func reason(check policy.CheckResult) string {
	if check.ForbiddenDetail == "" {
		return check.ForbiddenReason
	}
	return fmt.Sprintf("%s (%s)", check.ForbiddenReason, check.ForbiddenDetail)
}

// Check is one check of Pod Security: from each version on it has a form of its own, which takes the place of others.
type Check struct {
	ID    string  `json:"id"`
	Level string  `json:"level"`
	Since []Since `json:"since"`
}

// Since is the first version of a form.
type Since struct {
	Version   string           `json:"version"`
	Overrides []policy.CheckID `json:"overrides"`
}

func printChecks(stdout, stderr io.Writer) int {
	encoder := json.NewEncoder(stdout)
	for _, check := range policy.DefaultChecks() {
		printed := Check{ID: string(check.ID), Level: string(check.Level)}
		for _, form := range check.Versions {
			overrides := append([]policy.CheckID{}, form.OverrideCheckIDs...)
			version := strings.TrimPrefix(form.MinimumVersion.String(), "v")
			printed.Since = append(printed.Since, Since{Version: version, Overrides: overrides})
		}
		if err := encoder.Encode(printed); err != nil {
			fmt.Fprintln(stderr, "podsecurity:", err)
			return 2
		}
	}
	return 0
}

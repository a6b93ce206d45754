package s3

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// credentials marks the errors of a provider. Unmarked, the answer of the
// instance metadata service, "404", would read as the answer of the store.
type credentials struct{ aws.CredentialsProvider }

var errNoProvider = errors.New("the program's AWS config has none")

func (c credentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if c.CredentialsProvider == nil {
		return aws.Credentials{}, &credentialsError{errNoProvider}
	}
	found, err := c.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, &credentialsError{err}
	}
	return found, nil
}

type credentialsError struct{ err error }

func (e *credentialsError) Error() string {
	return "no credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, " +
		"or the parameter anonymous=true: " + e.err.Error()
}

// There is no Unwrap: errors.Is must not find another service's answer.

// takeOn makes the config use the credentials of the role, which STS gives to
// those that it has. They are renewed before they expire.
func (r role) takeOn(cfg *aws.Config, region string) error {
	if r.arn == "" {
		return nil
	}
	from := cfg.Copy()
	if region != "" {
		from.Region = region
	}
	if from.Region == "" {
		return errNoRegion
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(from), r.arn, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = r.session // empty: a name with the time
		if r.externalID != "" {
			o.ExternalID = &r.externalID
		}
	})
	cfg.Credentials = aws.NewCredentialsCache(provider)
	return nil
}

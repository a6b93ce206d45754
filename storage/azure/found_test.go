package azure

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

var errNothingFound = errors.New("DefaultAzureCredential: failed to acquire a token.\nAttempted credentials: many")

type nothingFound struct{}

func (nothingFound) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{}, errNothingFound
}

// Whoever has set nothing is told first what can be set, and then what was tried; an
// end of the context is neither.
func TestNoCredentialsAreFound(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := found{nothingFound{}}.GetToken(ctx, policy.TokenRequestOptions{})
	if !errors.Is(err, errNothingFound) || !strings.HasPrefix(err.Error(), "no usable credentials: set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN") {
		t.Errorf("it says %v", err)
	}
	cancel()
	if _, err := (found{nothingFound{}}).GetToken(ctx, policy.TokenRequestOptions{}); errors.Is(err, errNoCredentials) {
		t.Errorf("after the end of the context it says %v", err)
	}
}

// The client asks what was found, and not azidentity by itself.
func TestDefaultCredentialsAreHinted(t *testing.T) {
	t.Setenv("AZURE_STORAGE_KEY", "")
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential") // the others ask the machine
	for _, name := range []string{"AZURE_TENANT_ID", "AZURE_CLIENT_ID"} {
		t.Setenv(name, "")
	}
	client, err := (&settings{url: "https://127.0.0.1:1/states"}).client(http.DefaultTransport.(*http.Transport).Clone(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetProperties(t.Context(), nil); !errors.Is(err, errNoCredentials) {
		t.Errorf("it says %v", err)
	}
}

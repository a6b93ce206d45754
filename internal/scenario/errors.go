package scenario

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// What is wrong with an error.
var (
	ErrVague   = errors.New("an error does not say which operation failed, and on what")
	ErrSecret  = errors.New("an error tells a secret")
	errNothing = errors.New("nothing went wrong, it seems")
)

// CheckError returns what is wrong with an error of a play: it says the operation and
// the key, and none of the secrets.
func CheckError(err error, secrets ...string) error {
	if err == nil {
		return errNothing
	}
	for _, secret := range secrets {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			return ErrSecret // and not what it is
		}
	}
	typed, ok := errors.AsType[*backend.Error](err)
	says := ok && typed.Op != "" || strings.HasPrefix(err.Error(), "storage: ")
	if !says || !strings.Contains(err.Error(), job().String()) {
		return fmt.Errorf("%w: %w", ErrVague, err)
	}
	return nil
}

package prefix_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/prefix"
)

func Example() {
	bucket := new(mem.Backend)
	tenant, err := prefix.Wrap(bucket, "tenants/blue")
	if err != nil {
		log.Fatal(err)
	}
	_, err = tenant.Stat(context.Background(), "chk-7/_metadata")
	fmt.Println(err)
	_, err = tenant.Stat(context.Background(), "../red/chk-7/_metadata")
	fmt.Println(err)
	// Output:
	// mem: stat "chk-7/_metadata" in "tenants/blue": file does not exist
	// prefix: stat "../red/chk-7/_metadata" in "tenants/blue": invalid argument: a key is names joined by single slashes
}

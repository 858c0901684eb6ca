-- The latest key of a record in the ledger equals its current key.
{{ config(severity='warn') }}

with latest_keys as (
    select
        customer_id,
        customer_key,
        row_number() over (partition by customer_id order by night desc) as night_rank
    from {{ ref('int_identity__key_history') }}
)

select
    keys.customer_id,
    keys.customer_key,
    latest_keys.customer_key as ledger_customer_key
from latest_keys
inner join {{ ref('int_identity__customer_keys') }} as keys on latest_keys.customer_id = keys.customer_id
where latest_keys.night_rank = 1 and latest_keys.customer_key != keys.customer_key

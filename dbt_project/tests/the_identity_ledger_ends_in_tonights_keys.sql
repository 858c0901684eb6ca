-- The last that the ledger says of a record is the person that it is tonight.
{{ config(severity='warn') }}

with moves as (
    select
        customer_id,
        customer_key,
        row_number() over (partition by customer_id order by night desc) as night_rank
    from {{ ref('int_identity__moves') }}
)

select
    keys.customer_id,
    keys.customer_key,
    moves.customer_key as ledger_customer_key
from moves
inner join {{ ref('int_identity__customer_keys') }} as keys on moves.customer_id = keys.customer_id
where moves.night_rank = 1 and moves.customer_key != keys.customer_key

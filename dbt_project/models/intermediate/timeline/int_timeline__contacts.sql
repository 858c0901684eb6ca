{{ config(materialized='view') }}
with customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

contacts as (
    select
        interactions.*,
        customer_keys.customer_key
    from {{ ref('stg_crm__interactions') }} as interactions
    inner join customer_keys on interactions.customer_id = customer_keys.customer_id
),

interventions as (
    select
        interventions.*,
        customer_keys.customer_key
    from {{ ref('stg_crm__interventions') }} as interventions
    inner join customer_keys on interventions.customer_id = customer_keys.customer_id
),

contact_events as (
    select
        customer_key,
        occurred_at,
        'contact' as event_type,
        'crm' as source,
        interaction_id as source_id,
        channel,
        touchpoint,
        case when direction = 'outbound' then 'company' else 'customer' end as actor,
        text,
        duration_seconds,
        promised_wait_seconds,
        wait_seconds as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from contacts
),

retention_events as (
    select
        customer_key,
        contacted_at as occurred_at,
        'retention_contact' as event_type,
        'crm' as source,
        intervention_id as source_id,
        channel,
        'retention' as touchpoint,
        'company' as actor,
        action_code as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from interventions
    where contacted_at is not null
),

final as (
    select * from contact_events
    union all
    select * from retention_events
)

select * from final

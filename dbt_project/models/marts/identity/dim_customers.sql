{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__people', 'customer_key') }}") }}
{#- A person has opted out while any of its records has. Each version adds or withdraws one opt-out, and the running sum is the
    number of records that are opted out. For speed, windows run over few columns and the others are joined at the end. -#}
with records as (
    select * from {{ ref('int_identity__records') }}
),

versions as (
    select
        customer_keys.customer_key,
        records.customer_id,
        records.known_from,
        records.recorded_at,
        records.merged_into_id is not null as is_merged_away,
        case when records.is_contactable = false then 1 else 0 end as is_opted_out
    from records
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on records.customer_id = customer_keys.customer_id
    {{ filter_to_changed('int_changes__people', 'customer_keys.customer_key') }}
),

people as (
    select
        customer_key,
        min(recorded_at) as created_at,
        count(distinct customer_id) as source_record_count,
        min(case when is_merged_away then 1 else 0 end) = 1 as is_merged_away
    from versions
    group by customer_key
),

opt_out_changes as (
    select
        *,
        is_opted_out - coalesce(
            lag(is_opted_out) over (partition by customer_id order by known_from), 0
        ) as opt_out_change
    from versions
),

running_opt_outs as (
    select
        *,
        sum(opt_out_change) over (partition by customer_key order by known_from) as opted_out_records
    from opt_out_changes
),

ranked as (
    select
        running_opt_outs.*,
        people.created_at,
        people.source_record_count,
        row_number() over (
            partition by running_opt_outs.customer_key, running_opt_outs.known_from
            order by running_opt_outs.recorded_at asc nulls last, running_opt_outs.customer_id asc
        ) as version_rank
    from running_opt_outs
    inner join people on running_opt_outs.customer_key = people.customer_key
    where not running_opt_outs.is_merged_away or people.is_merged_away
),

dated as (
    select
        *,
        lead(known_from) over (partition by customer_key order by known_from) as valid_to
    from ranked
    where version_rank = 1
),

final as (
    select
        dated.customer_key,
        dated.customer_id,
        dated.known_from as valid_from,
        dated.valid_to,
        dated.valid_to is null as is_current,
        records.name,
        records.email,
        records.phone,
        records.country,
        records.region,
        records.segment,
        records.language,
        records.birth_date,
        records.is_vip,
        case when dated.opted_out_records > 0 then false else records.is_contactable end as is_contactable,
        records.acquisition_channel,
        records.owner_id,
        records.attributes,
        dated.created_at,
        dated.source_record_count
    from dated
    inner join records on dated.customer_id = records.customer_id and dated.known_from = records.known_from
)

select * from final

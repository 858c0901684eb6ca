with records as (
    select
        records.*,
        customer_keys.customer_key
    from {{ ref('int_identity__records') }} as records
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on records.customer_id = customer_keys.customer_id
),

{#- An opt-out on any record of a person counts for the person: how many records stand opted out after each version. #}
opt_outs as (
    select
        *,
        case when is_contactable = false then 1 else 0 end
        - coalesce(
            lag(case when is_contactable = false then 1 else 0 end) over (
                partition by customer_id order by known_from
            ), 0
        ) as opt_out_change
    from records
),

standing as (
    select
        *,
        sum(opt_out_change) over (partition by customer_key order by known_from) as opt_outs_standing,
        min(recorded_at) over (partition by customer_key) as first_recorded_at,
        max(case when merged_into_id is null then 1 else 0 end) over (partition by customer_key) as has_main_record
    from opt_outs
),

counted as (
    select
        customer_key,
        count(distinct customer_id) as source_record_count
    from records
    group by customer_key
),

spokesmen as (
    select *
    from standing
    where merged_into_id is null or has_main_record = 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, known_from
            order by recorded_at asc nulls last, customer_id asc
        ) as version_rank
    from spokesmen
),

final as (
    select
        ranked.customer_key,
        ranked.customer_id,
        ranked.known_from as valid_from,
        lead(ranked.known_from) over (partition by ranked.customer_key order by ranked.known_from) as valid_to,
        lead(ranked.known_from) over (partition by ranked.customer_key order by ranked.known_from) is null as is_current,
        ranked.name,
        ranked.email,
        ranked.phone,
        ranked.country,
        ranked.region,
        ranked.segment,
        ranked.language,
        ranked.birth_date,
        ranked.is_vip,
        case when ranked.opt_outs_standing > 0 then false else ranked.is_contactable end as is_contactable,
        ranked.acquisition_channel,
        ranked.owner_id,
        ranked.attributes,
        ranked.first_recorded_at as created_at,
        counted.source_record_count
    from ranked
    inner join counted on ranked.customer_key = counted.customer_key
    where ranked.version_rank = 1
)

select * from final

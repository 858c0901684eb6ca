with scored as (
    select * from {{ source('lake_scores', 'contact_forecast') }}
    where as_of = {{ as_of_date() }}
),

suggestions as (
    select * from {{ ref('contact_suggestions') }}
),

known as (
    select
        scored.*,
        coalesce(suggestions.category, 'any') as suggestion
    from scored
    left join suggestions on scored.likely_category = suggestions.category
),

final as (
    select
        cast(known.customer_key as string) as customer_key,
        cast(known.as_of as date) as as_of,
        cast(known.ticket_probability_48h as double) as ticket_probability_48h,
        cast(known.complaint_probability_7d as double) as complaint_probability_7d,
        cast(known.contact_rank as bigint) as contact_rank,
        cast(known.is_within_budget as boolean) as is_within_budget,
        cast(known.likely_category as string) as likely_category,
        cast(known.category_probability as double) as category_probability,
        suggestions.action_code as suggested_action,
        suggestions.channel as suggested_channel,
        suggestions.owner_role,
        suggestions.title_en as suggestion_en,
        suggestions.title_zh as suggestion_zh,
        suggestions.message_en,
        suggestions.message_zh,
        cast(known.model_version as string) as model_version,
        cast(known.run_id as string) as run_id,
        cast(known.complaint_model_version as string) as complaint_model_version,
        cast(known.complaint_run_id as string) as complaint_run_id
    from known
    left join suggestions on known.is_within_budget and known.suggestion = suggestions.category
)

select * from final
